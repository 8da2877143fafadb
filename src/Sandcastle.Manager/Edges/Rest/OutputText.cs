using System.Text;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>One stream's bytes as events. A character that arrives in two pieces waits for its second: joined, the events are the text of the result.</summary>
internal sealed class OutputText(bool base64)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Null when there is nothing to send yet.</summary>
    public OutputEvent? Decode(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? null : base64 ? new OutputEvent(Text: null, Convert.ToBase64String(bytes)) : AsText(Decode(bytes, flush: false));

    /// <summary>What was held back when the stream ended: a character that never became whole.</summary>
    public OutputEvent? Rest() => base64 ? null : AsText(Decode([], flush: true));

    private static OutputEvent? AsText(string text) => text.Length == 0 ? null : new OutputEvent(text, Base64: null);

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var chars = new char[_decoder.GetCharCount(bytes, flush)];
        _decoder.GetChars(bytes, chars, flush);
        return new string(chars);
    }
}
