namespace Sandcastle.Protocol.Refusals;

/// <summary>One error of a request.</summary>
/// <param name="Field">JSON path of the field, for example <c>limits.memoryMiB</c>.</param>
/// <param name="Message">What is wrong, with the limit it broke.</param>
public sealed record FieldError(string Field, string Message);
