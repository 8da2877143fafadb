namespace Sandcastle.Protocol.Runs;

/// <summary>
/// What a program wrote, in the order of writing, for any number of readers. It costs its bytes, and four more wherever one stream follows the other,
/// in whatever pieces it was written: those are the program's choice. Not safe for concurrent use, but what was read stays as it is.
/// </summary>
public sealed class OutputTape
{
    private const int FirstBlock = 256;
    private const int LargestBlock = 64 << 10;
    private const int KindBits = 2;
    private const int MostOfMark = (1 << 29) - 1;

    private readonly List<byte[]> _blocks = [];

    /// <summary>A kind, and how many bytes; or the place in line.</summary>
    private readonly List<int> _marks = [];

    /// <summary>Of the last block.</summary>
    private int _used;

    /// <summary>What became of the run: no bytes.</summary>
    public void Note(OutputKind kind, int place = 0) => _marks.Add((Math.Min(place, MostOfMark) << KindBits) | (int)kind);

    /// <summary>Copies.</summary>
    public void Append(OutputKind kind, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_blocks.Count == 0 || _used == _blocks[^1].Length)
            {
                _blocks.Add(new byte[NextBlock(bytes.Length)]);
                _used = 0;
            }

            var part = Math.Min(bytes.Length, _blocks[^1].Length - _used);
            bytes[..part].CopyTo(_blocks[^1].AsSpan(_used));
            _used += part;
            Mark(kind, part);
            bytes = bytes[part..];
        }
    }

    /// <summary>Takes what follows <paramref name="at"/>, as much as lies together, and moves on. False at the end, for now.</summary>
    public bool TryRead(ref OutputPosition at, out OutputChunk chunk)
    {
        while (at.Mark < _marks.Count)
        {
            var kind = (OutputKind)(_marks[at.Mark] & ((1 << KindBits) - 1));
            var length = _marks[at.Mark] >> KindBits;
            if (kind is not (OutputKind.Stdout or OutputKind.Stderr))
            {
                chunk = new OutputChunk(kind, default, length);
                at = at with { Mark = at.Mark + 1, Read = 0 };
                return true;
            }

            if (at.Read == length)
            {
                if (at.Mark == _marks.Count - 1)
                {
                    // It may grow.
                    break;
                }

                at = at with { Mark = at.Mark + 1, Read = 0 };
                continue;
            }

            if (at.Offset == _blocks[at.Block].Length)
            {
                at = at with { Block = at.Block + 1, Offset = 0 };
            }

            var part = Math.Min(length - at.Read, _blocks[at.Block].Length - at.Offset);
            chunk = new OutputChunk(kind, _blocks[at.Block].AsMemory(at.Offset, part));
            at = at with { Read = at.Read + part, Offset = at.Offset + part };
            return true;
        }

        chunk = default;
        return false;
    }

    /// <summary>Forgets everything; its readers begin anew.</summary>
    public void Clear()
    {
        _blocks.Clear();
        _marks.Clear();
        _used = 0;
    }

    private int NextBlock(int wanted)
    {
        var next = _blocks.Count == 0 ? FirstBlock : 2 * _blocks[^1].Length;
        return Math.Min(LargestBlock, Math.Max(next, wanted));
    }

    private void Mark(OutputKind kind, int length)
    {
        if (_marks.Count > 0 && (OutputKind)(_marks[^1] & ((1 << KindBits) - 1)) == kind && (_marks[^1] >> KindBits) + length <= MostOfMark)
        {
            _marks[^1] += length << KindBits;
        }
        else
        {
            _marks.Add((length << KindBits) | (int)kind);
        }
    }
}
