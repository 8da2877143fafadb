using System.Text;
using CsCheck;

namespace Fuzzing;

/// <summary>Inputs near to valid ones: some spans of them left out, doubled, moved, flipped or replaced by what parsers stumble over.</summary>
internal static class Mutations
{
    public static Gen<byte[]> OfBytes(IReadOnlyList<byte[]> valid, IReadOnlyList<byte[]> tokens) =>
        Gen.Select(One(valid), Step(tokens).Array[1, 4], (bytes, steps) => steps.Aggregate(bytes, Apply));

    public static Gen<string> OfText(IReadOnlyList<string> valid, IReadOnlyList<string> tokens) =>
        OfBytes([.. valid.Select(Encoding.UTF8.GetBytes)], [.. tokens.Select(Encoding.UTF8.GetBytes)]).Select(Encoding.UTF8.GetString);

    public static Gen<T> One<T>(IReadOnlyList<T> of) => Gen.Int[0, of.Count - 1].Select(i => of[i]);

    private static Gen<(int Kind, int At, int Length, byte[] Token)> Step(IReadOnlyList<byte[]> tokens) =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1 << 20], Gen.Int[1, 40], One(tokens));

    private static byte[] Apply(byte[] bytes, (int Kind, int At, int Length, byte[] Token) step)
    {
        var at = step.At % (bytes.Length + 1);
        var end = Math.Min(bytes.Length, at + step.Length);
        return step.Kind switch
        {
            0 => bytes[..at], // torn
            1 => [.. bytes[..at], .. bytes[end..]],
            2 => [.. bytes[..end], .. bytes[at..]],
            3 => [.. bytes[..at], .. bytes[at..end].Reverse(), .. bytes[end..]],
            4 => [.. bytes[..at], .. bytes[at..end].Select(one => (byte)(one ^ step.Length)), .. bytes[end..]],
            5 => [.. bytes[..at], .. step.Token, .. bytes[end..]],
            _ => [.. bytes[..at], .. step.Token, .. bytes[at..]],
        };
    }
}
