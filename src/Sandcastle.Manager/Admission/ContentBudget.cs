using System.Text;

namespace Sandcastle.Manager.Admission;

/// <summary>Counts the decoded bytes that a request carries, against <see cref="AdmissionOptions.ContentBytes"/>.</summary>
internal sealed class ContentBudget
{
    public long Used { get; private set; }

    /// <summary>Counts <paramref name="text"/> and says how many bytes it is in UTF-8.</summary>
    public int Take(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        Used += bytes;
        return bytes;
    }

    public void Take(long bytes) => Used += bytes;
}
