using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sandcastle.Cli;

/// <summary>Data, for programs, on stdout.</summary>
internal static class StandardOutput
{
    /// <summary>One document on one line.</summary>
    public static void WriteJson<T>(T value, JsonTypeInfo<T> type)
    {
        StandardStream.Open(StandardStream.Stdout).Write([.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n']);
    }
}
