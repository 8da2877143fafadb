using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sandcastle.Worker.Templates;

/// <summary>
/// Lets through only YAML whose reading is bounded by its length: what builds and visits the nodes calls itself for every level, and a
/// stack that overflows takes the process with it; and a few lines of aliases stand for billions of nodes, or for themselves.
/// </summary>
internal sealed class PlainYamlParser(IParser inner) : IParser
{
    internal const int MostLevels = 32;

    private int _level;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        if (!inner.MoveNext())
        {
            return false;
        }

        switch (inner.Current)
        {
            case SequenceStart or MappingStart when ++_level > MostLevels:
                throw new YamlException(inner.Current.Start, inner.Current.End, $"more than {MostLevels} levels");
            case SequenceEnd or MappingEnd:
                _level--;
                break;
            case AnchorAlias alias:
                throw new YamlException(alias.Start, alias.End, $"the alias *{alias.Value} cannot stand here: write out what it stands for");
        }

        return true;
    }
}
