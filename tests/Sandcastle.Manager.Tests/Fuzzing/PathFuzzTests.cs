using System.Text;
using CsCheck;
using Fuzzing;
using Sandcastle.Manager.Admission;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Fuzzing;

/// <summary>A path is refused, or it stays below the working directory: as another reader of paths sees it.</summary>
public sealed class PathFuzzTests
{
    private const string Home = "/home/user/";

    private static readonly string[] Parts =
        ["..", ".", "", "...", ". .", " ..", ".. ", "a", "é", "\u202e", "\\", "..\\..", "\0", "\n", "~", "%2e%2e", "*", "**", "\ud83d\ude00", "\ud800", "\udc00x", new('x', 255), new('x', 256), new('é', 128), "\u2024\u2024"];

    private static readonly Gen<string> Paths = Gen.Frequency(
        (4, Mutations.One(Parts).Array[1, 8].Select(parts => string.Join('/', parts))),
        (1, Gen.String[0, 20]),
        (1, Gen.Select(Mutations.One(["a", "ab/", "../", "x"]), Gen.Int[1, 3000], (part, times) => string.Concat(Enumerable.Repeat(part, times)))));

    [Fact]
    public void Fault_isNullOnlyForWhatStaysBelowTheWorkingDirectory() => Property.Hold(Paths, 20_000, path =>
    {
        var sound = path.Length > 0
            && !path.Contains('\0')
            && !path.EndsWith('/')
            && Path.GetFullPath(Home + path) == Home + path
            && Encoding.UTF8.GetByteCount(path) <= SandboxPath.MostBytes
            && path.Split('/').All(part => Encoding.UTF8.GetByteCount(part) <= SandboxPath.MostBytesOfPart);
        (SandboxPath.Fault(path) is null).ShouldBe(sound, SandboxPath.Fault(path) ?? "taken");
    });

    [Fact]
    public void Fault_inAnyList_isNamedByItsPlace() => Property.Hold(Paths.Array[1, 5], 3000, paths =>
    {
        var collect = new FieldErrors();
        CollectAdmission.Check(paths, collect);
        collect.All.Select(error => error.Field).ShouldBe(
            Enumerable.Range(0, paths.Length).Where(i => SandboxPath.Fault(paths[i]) is not null).Select(i => $"collect[{i}]"));

        var files = new FieldErrors();
        FileAdmission.Check([.. paths.Select(path => new RunFileContent { Path = path, Content = "" })], files, new ContentBudget());
        if (Array.Exists(paths, path => SandboxPath.Fault(path) is not null))
        {
            files.All.Select(error => error.Field).ShouldBe(
                Enumerable.Range(0, paths.Length).Where(i => SandboxPath.Fault(paths[i]) is not null).Select(i => $"files[{i}].path"));
        }
    });

    [Fact]
    public void Check_filesThatCannotStandTogether_areThoseThatComparingAllFinds()
    {
        var path = Gen.Char["ab-"].Select(letter => letter.ToString()).Array[1, 3].Select(parts => string.Join('/', parts));
        Property.Hold(path.Array[1, 8], 20_000, paths =>
        {
            var errors = new FieldErrors();
            FileAdmission.Check([.. paths.Select(one => new RunFileContent { Path = one, Content = "" })], errors, new ContentBudget());

            var expected = Enumerable.Range(0, paths.Length).Where(i =>
                Array.IndexOf(paths, paths[i]) < i || Array.Exists(paths, other => paths[i].StartsWith(other + "/", StringComparison.Ordinal)));
            errors.All.Select(error => error.Field).Order(StringComparer.Ordinal)
                .ShouldBe(expected.Select(i => $"files[{i}].path").Order(StringComparer.Ordinal));
        });
    }

    /// <summary>One encoding for one content: what would decode to the same as its canonical form, but is not that, is refused too.</summary>
    [Fact]
    public void Check_base64_isTakenExactlyWhenItIsTheEncodingOfItsBytes() =>
        Property.Hold(Gen.OneOf(Gen.Byte.Array[0, 30].Select(Convert.ToBase64String), Gen.Char["AZaz09+/= \n\t-_"].Array[0, 20].Select(letters => new string(letters)), Gen.String[0, 10]), 20_000, text =>
        {
            var errors = new FieldErrors();
            var files = FileAdmission.Check([new RunFileContent { Path = "a", ContentBase64 = text }], errors, new ContentBudget());
            var bytes = new byte[text.Length];
            var sound = Convert.TryFromBase64String(text, bytes, out var length)
                && Convert.ToBase64String(bytes.AsSpan(0, length)) == string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
            sound.ShouldBe(!errors.Any);
            files[0].Content.Span.SequenceEqual(bytes.AsSpan(0, errors.Any ? 0 : length)).ShouldBeTrue();
        });
}
