using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Admission;

/// <summary>Gathers every error of one request, so that a caller mends them all at once.</summary>
internal sealed class FieldErrors
{
    /// <summary>A request with thousands of bad entries gets the first of them, not an answer larger than itself.</summary>
    private const int MostReported = 100;

    /// <summary>Of a field, whose name can be the caller's own, megabytes long.</summary>
    private const int MostOfName = 256;

    private List<FieldError>? _errors;

    public bool Any => _errors is not null;

    public IReadOnlyList<FieldError> All => _errors ?? [];

    public void Add(string field, string message)
    {
        _errors ??= [];
        if (_errors.Count < MostReported)
        {
            _errors.Add(new FieldError(Shown(field), message));
        }
    }

    /// <summary>As much of a caller's text as an answer repeats.</summary>
    public static string Shown(string text) => text.Length > MostOfName ? text[..MostOfName] + "…" : text;

    /// <summary>The refusal for what was gathered.</summary>
    public RefusalException ToRefusal() => Invalid(All);

    public static RefusalException Invalid(IReadOnlyList<FieldError> errors) => new(new Refusal
    {
        Kind = RefusalKind.Invalid,
        Detail = errors.Count == 1
            ? $"{errors[0].Field} {errors[0].Message}"
            : $"the request has {errors.Count} errors: " + string.Join("; ", errors.Select(e => $"{e.Field} {e.Message}")),
        Errors = errors,
    });
}
