namespace Sandcastle.Worker.Files;

/// <summary>What could not be collected, a sentence each: as many as fit. A program chooses how many there are and how long their names.</summary>
internal sealed class CollectErrors
{
    private const int MostCharacters = 64 << 10;

    private readonly List<string> _sentences = [];
    private int _left = MostCharacters;
    private int _more;

    public IReadOnlyList<string> All => _more == 0 ? _sentences : [.. _sentences, $"and {_more} more of this kind"];

    public void Add(string sentence)
    {
        // One that did not fit closes the list, or short ones would seem to be all that there were.
        _left = sentence.Length > _left ? 0 : _left - sentence.Length;
        if (_left > 0)
        {
            _sentences.Add(sentence);
        }
        else
        {
            _more++;
        }
    }
}
