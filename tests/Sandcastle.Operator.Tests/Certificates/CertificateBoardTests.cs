using Sandcastle.Operator.Certificates;

namespace Sandcastle.Operator.Tests.Certificates;

public sealed class CertificateBoardTests
{
    private static readonly CertificateState Good = new(true, "Issued", "x");
    private static readonly CertificateState Bad = new(false, "NotIssued", "x");

    private readonly CertificateBoard _board = new();

    [Fact]
    public void Of_what_was_not_looked_at_is_nothing()
    {
        _board.Of("a").ShouldBeNull();
        _board.Take(States(Good, ("a", Good)));

        _board.Of("a").ShouldBe(Good);
        _board.Of("b").ShouldBeNull();
    }

    [Fact]
    public void Of_a_namespace_says_what_is_wrong_with_managers_first()
    {
        var own = Bad with { Message = "own" };
        _board.Take(States(Bad, ("a", Good), ("b", own)));

        _board.Of("a").ShouldBe(Bad);
        _board.Of("b").ShouldBe(Bad);
        _board.Take(States(Good, ("a", Good), ("b", own)));
        _board.Of("b").ShouldBe(own);
    }

    [Fact]
    public void Take_names_those_of_which_something_else_is_to_be_said()
    {
        _board.Take(States(Good, ("a", Good), ("b", Good))).ShouldBe(["", "a", "b"], ignoreOrder: true);
        _board.Take(States(Good, ("a", Good), ("b", Good))).ShouldBeEmpty();
        _board.Take(States(Good, ("a", Bad), ("b", Good))).ShouldBe(["a"]);
        _board.Take(States(Bad, ("a", Bad), ("b", Good))).ShouldBe(["", "b"], ignoreOrder: true);
    }

    private static Dictionary<string, CertificateState> States(CertificateState shared, params (string Ns, CertificateState State)[] own) =>
        own.Append((CertificateBoard.Shared, shared)).ToDictionary(pair => pair.Item1, pair => pair.Item2);
}
