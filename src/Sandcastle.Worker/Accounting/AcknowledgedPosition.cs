using System.Buffers.Text;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Sandcastle.Worker.Accounting;

/// <summary>
/// Up to where the ledger has the journal, in a file of twenty digits. They are written over by one call, which a kill does not cut:
/// the old position is there, or the new one, and the ledger knows a receipt that comes twice. One thread at a time.
/// </summary>
internal sealed class AcknowledgedPosition(string path) : IDisposable
{
    private const int Digits = 20;

    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

    /// <summary>0 where nothing was acknowledged yet, or what is there is no position any more: then all that is left comes again.</summary>
    internal long Read()
    {
        Span<byte> text = stackalloc byte[Digits];
        var length = RandomAccess.Read(_file, text, 0);
        return long.TryParse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : 0;
    }

    internal void Write(long position)
    {
        Span<byte> text = stackalloc byte[Digits];
        Utf8Formatter.TryFormat(position, text, out _, new System.Buffers.StandardFormat('D', Digits));
        RandomAccess.Write(_file, text, 0);
    }

    public void Dispose() => _file.Dispose();
}
