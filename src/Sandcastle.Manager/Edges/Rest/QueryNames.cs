using Microsoft.AspNetCore.Http;
using Sandcastle.Manager.Admission;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>Refuses what a query says to no purpose: a misspelt <c>from</c> that is passed over is a bill of another interval.</summary>
internal static class QueryNames
{
    public static void Check(IQueryCollection query, FieldErrors errors, params string[] known)
    {
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(name.Length > 0 ? name : "''", $"is unknown; the parameters here are: {string.Join(", ", known)}");
            }
            else if (values.Count > 1)
            {
                errors.Add(name, "is given twice");
            }
        }
    }
}
