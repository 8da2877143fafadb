namespace Sandcastle.Cli.Tables;

/// <summary>Text of others, made fit for one line of a terminal.</summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Line breaks and tabs become spaces, other control characters (escape sequences begin with one) the replacement character.</summary>
    public static string Of(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0 && text.AsSpan().IndexOfAnyInRange('\u007F', '\u009F') < 0
        ? text
        : string.Create(text.Length, text, static (target, source) =>
        {
            for (var index = 0; index < source.Length; index++)
            {
                target[index] = source[index] is '\n' or '\r' or '\t' ? ' ' : char.IsControl(source[index]) ? Replacement : source[index];
            }
        });
}
