using System.Text;

namespace Sandcastle.Cli.Runs;

/// <summary>Reads what a run takes in: code, stdin and files. A dash is our own stdin.</summary>
internal static class ProgramText
{
    public const string OwnStdin = "-";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UsageException">It cannot be read, or is not UTF-8.</exception>
    public static string Read(string path, string flag)
    {
        var bytes = ReadBytes(path, flag);
        return TryDecode(bytes) ?? throw new UsageException($"{flag}: '{path}' is not UTF-8 text");
    }

    /// <exception cref="UsageException">It cannot be read.</exception>
    public static byte[] ReadBytes(string path, string flag)
    {
        try
        {
            return path == OwnStdin ? ReadStdin() : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{flag}: there is no file '{path}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(Directory.Exists(path) ? $"{flag}: '{path}' is a directory" : $"{flag}: cannot read '{path}': {e.Message}");
        }
    }

    public static string? TryDecode(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static byte[] ReadStdin()
    {
        using var stdin = Console.OpenStandardInput();
        using var memory = new MemoryStream();
        stdin.CopyTo(memory);
        return memory.ToArray();
    }
}
