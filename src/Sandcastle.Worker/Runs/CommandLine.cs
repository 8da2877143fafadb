using System.Text;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Runs;

/// <summary>What is executed where a run is a command, and what the kernel takes of that (execve(2), "Limits on size of arguments and environment").</summary>
internal static class CommandLine
{
    /// <summary>MAX_ARG_STRLEN is 32 pages, the NUL included.</summary>
    internal const int MaxStringBytes = (32 * 4096) - 1;

    /// <summary>A quarter of the usual stack of 8 MiB, less what the kernel puts there itself.</summary>
    internal const int MaxBytes = (2 << 20) - (64 << 10);

    private const int PointerBytes = 8;
    private const string Instead = "longer ones go by files or stdin";

    internal static List<string> Of(Template template, RunOrder order)
    {
        if (order.Argv is { } argv)
        {
            return [.. argv, .. order.Args];
        }

        var code = Encoding.UTF8.GetString(order.Code!.Value.Span);
        return [.. template.Command.Select(word => word == Template.CodePlaceholder ? code : word), .. order.Args];
    }

    /// <exception cref="RefusalException">The kernel would answer E2BIG. Every field that is too long is named.</exception>
    internal static void Check(Template template, RunOrder order)
    {
        var fields = Fields(order).Select(field => (field.Name, Bytes: Encoding.UTF8.GetByteCount(field.Text))).ToList();
        if (order.Argv is null)
        {
            fields.Add(("code", order.Code!.Value.Length));
        }

        var errors = fields.Where(field => field.Bytes > MaxStringBytes)
            .Select(field => new FieldError(field.Name, $"has {field.Bytes} bytes; a command's argument may have {MaxStringBytes}, {Instead}"))
            .ToList();
        var strings = Of(template, order).Concat(SlotEnvironment.Of(template, order.Env)).ToList();
        var total = strings.Sum(text => Encoding.UTF8.GetByteCount(text) + 1L + PointerBytes);
        if (errors.Count == 0 && total > MaxBytes)
        {
            errors.Add(new FieldError(order.Argv is null ? "args" : "argv", $"and env have {total} bytes together; the kernel takes {MaxBytes}, {Instead}"));
        }

        if (errors.Count > 0)
        {
            throw new RefusalException(new Refusal { Kind = RefusalKind.Invalid, Detail = "the command is too long for the kernel", Errors = errors });
        }
    }

    private static IEnumerable<(string Name, string Text)> Fields(RunOrder order) =>
        (order.Argv ?? []).Select((text, i) => ($"argv[{i}]", text))
        .Concat(order.Args.Select((text, i) => ($"args[{i}]", text)))
        .Concat(order.Env.Select(e => ($"env.{e.Key}", $"{e.Key}={e.Value}")));
}
