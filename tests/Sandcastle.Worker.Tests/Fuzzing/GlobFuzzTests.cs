using CsCheck;
using Fuzzing;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Fuzzing;

/// <summary>Globs against the plainest reading of what they mean: try everything.</summary>
public sealed class GlobFuzzTests
{
    private static readonly Gen<string> Part = Gen.Char["ab"].Array[1, 4].Select(letters => new string(letters));

    private static readonly Gen<string> PartPattern =
        Gen.Frequency((1, Gen.Const("**")), (1, Gen.Const("*")), (3, Gen.Char["ab*?"].Array[1, 5].Select(letters => new string(letters))));

    private static readonly Gen<string> Path = Part.Array[1, 5].Select(parts => string.Join('/', parts));

    private static readonly Gen<string> Pattern = PartPattern.Array[1, 5].Select(parts => string.Join('/', parts));

    [Fact]
    public void Matches_agrees_with_trying_everything() => Property.Hold(Gen.Select(Pattern, Path), 20_000, sample =>
    {
        var (pattern, path) = sample;
        GlobPattern.Matches(pattern, path).ShouldBe(Reference(Wanted(pattern), path.Split('/')), $"{pattern} {path}");
    });

    [Fact]
    public void MayReach_never_says_no_above_a_file_that_matches() => Property.Hold(Gen.Select(Pattern, Path), 20_000, sample =>
    {
        var (pattern, path) = sample;
        if (Reference(Wanted(pattern), path.Split('/')))
        {
            for (var end = path.IndexOf('/'); end > 0; end = path.IndexOf('/', end + 1))
            {
                GlobPattern.MayReach(pattern, path[..end]).ShouldBeTrue($"{pattern} {path[..end]}");
            }
        }
    });

    [Fact]
    public void Matches_takes_any_text_for_pattern_and_path() =>
        Property.Hold(Gen.Select(Gen.String[0, 30], Gen.String[0, 30]), 5000, sample =>
        {
            GlobPattern.Matches(sample.Item1, sample.Item2);
            GlobPattern.MayReach(sample.Item1, sample.Item2);
        });

    [Theory]
    [InlineData(@"\*", "*", true)]
    [InlineData(@"\*", "a", false)]
    [InlineData(@"a\?", "a?", true)]
    [InlineData(@"\a", "a", true)]
    public void Matches_backslash_takes_the_meaning_from_what_follows(string pattern, string path, bool matches) =>
        GlobPattern.Matches(pattern, path).ShouldBe(matches);

    private static string[] Wanted(string pattern)
    {
        var parts = pattern.Split('/');
        return parts[^1] == "**" ? [.. parts, "*"] : parts;
    }

    private static bool Reference(ReadOnlySpan<string> wanted, ReadOnlySpan<string> parts)
    {
        if (wanted.IsEmpty)
        {
            return parts.IsEmpty;
        }

        if (wanted[0] == "**")
        {
            return Reference(wanted[1..], parts) || (!parts.IsEmpty && Reference(wanted, parts[1..]));
        }

        return !parts.IsEmpty && ReferencePart(wanted[0], parts[0]) && Reference(wanted[1..], parts[1..]);
    }

    private static bool ReferencePart(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) =>
        pattern.IsEmpty ? text.IsEmpty
        : pattern[0] == '*' ? ReferencePart(pattern[1..], text) || (!text.IsEmpty && ReferencePart(pattern, text[1..]))
        : !text.IsEmpty && (pattern[0] == '?' || pattern[0] == text[0]) && ReferencePart(pattern[1..], text[1..]);
}
