using Cel;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Schemas;

/// <summary>One of <c>x-kubernetes-validations</c>: an expression in CEL over <c>self</c>, and over <c>oldSelf</c> where it speaks of a change. Compiled once.</summary>
/// <remarks>
/// Beyond the language itself, of Kubernetes' libraries: <c>quantity</c> with <c>isGreaterThan</c>, <c>isLessThan</c> and <c>compareTo</c>. A rule that needs
/// more holds nobody to anything, and <see cref="Fault"/> says why.
/// </remarks>
public sealed class SchemaRule
{
    private static readonly Lock Compiling = new();
    private static readonly CelEnvironment Language = Environment();

    private readonly CelProgramDelegate? _program;

    public SchemaRule(string rule, string message)
    {
        Rule = rule;
        Message = message.Length == 0 ? $"failed rule: {rule}" : message;
        try
        {
            lock (Compiling)
            {
                _program = Language.Compile(rule);
            }
        }
        catch (CelException why)
        {
            Fault = why.Message;
        }
    }

    public string Rule { get; }

    public string Message { get; }

    /// <summary>Why it cannot be evaluated here; null when it can, or as long as nobody has tried: a function that is missing shows when it is called.</summary>
    public string? Fault { get; private set; }

    /// <summary>Speaks of a change, so that it means nothing for what is new.</summary>
    public bool IsTransition => Rule.Contains("oldSelf", StringComparison.Ordinal);

    /// <returns>What is wrong, in one sentence; null where it holds.</returns>
    public string? Check(object? self, object? oldSelf)
    {
        if (_program is null)
        {
            return null;
        }

        try
        {
            var variables = new Dictionary<string, object?>(StringComparer.Ordinal) { ["self"] = self };
            if (IsTransition)
            {
                variables["oldSelf"] = oldSelf;
            }

            return _program(variables) is true ? null : Message;
        }
        catch (CelUnboundFunctionException why)
        {
            Fault = why.Message;
            return null;
        }
        catch (CelException why)
        {
            // As the real server answers where a rule fails to give an answer.
            return $"rule evaluation error: {why.Message}";
        }
    }

    private static CelEnvironment Environment()
    {
        var environment = new CelEnvironment(fileDescriptors: null, messageNamespace: null);
        environment.RegisterFunction("quantity", [typeof(string)], arguments => Quantity.Parse((string)arguments[0]!).Value);
        environment.RegisterFunction("isGreaterThan", [typeof(decimal), typeof(decimal)], arguments => (decimal)arguments[0]! > (decimal)arguments[1]!);
        environment.RegisterFunction("isLessThan", [typeof(decimal), typeof(decimal)], arguments => (decimal)arguments[0]! < (decimal)arguments[1]!);
        environment.RegisterFunction("compareTo", [typeof(decimal), typeof(decimal)], arguments => (long)decimal.Compare((decimal)arguments[0]!, (decimal)arguments[1]!));
        return environment;
    }
}
