using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sandcastle.Cli;

/// <summary>Data, for programs, on stdout.</summary>
internal static class StandardOutput
{
    /// <summary>One document on one line.</summary>
    public static void WriteJson<T>(T value, JsonTypeInfo<T> type)
    {
        using var stdout = Console.OpenStandardOutput();
        stdout.Write(JsonSerializer.SerializeToUtf8Bytes(value, type));
        stdout.Write("\n"u8);
    }
}
