using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Tests.Jails;

/// <summary>Writes a C file that asserts, while it is compiled, every size, offset and value that the C# side has.</summary>
internal static class WireLayout
{
    private static readonly (Type Type, string C)[] Structs =
    [
        (typeof(MessageHeader), "sc_header"), (typeof(ErrorMessage), "sc_error"), (typeof(ChildMessage), "sc_child"),
        (typeof(ExitedMessage), "sc_exited"), (typeof(IoMessage), "sc_io"), (typeof(KeepStart), "sc_keep_start"),
        (typeof(Tree), "sc_tree"), (typeof(KeepSpec), "sc_keep_spec"), (typeof(ZygoteStart), "sc_zygote_start"),
        (typeof(SlotStart), "sc_slot_start"), (typeof(Fork), "sc_fork"), (typeof(Spawn), "sc_spawn"),
        (typeof(PathMessage), "sc_path"), (typeof(Resize), "sc_resize"), (typeof(Job), "sc_job"),
        (typeof(Rule), "sc_rule"), (typeof(RuleCondition), "sc_rule_condition"),
    ];

    private static readonly (Type Type, string Prefix, bool Upper)[] Enums =
    [
        (typeof(MessageKind), "SC_", true), (typeof(JailStep), "SC_STEP_", false), (typeof(KeepKind), "SC_KEEP_", true),
        (typeof(JobKind), "SC_JOB_", true), (typeof(TreeFlags), "SC_TREE_", true),
        (typeof(RuleAction), "SC_RULE_", true), (typeof(RuleCompare), "SC_COMPARE_", true),
    ];

    private static readonly (string C, object Value)[] Constants =
    [
        ("SC_WIRE_VERSION", WireLimits.Version), ("SC_MESSAGE_MAX", WireLimits.MessageMax), ("SC_FDS_MAX", WireLimits.FdsMax),
        ("SC_CGROUPS_MAX", WireLimits.CgroupsMax), ("SC_PATH_MAX", WireLimits.PathMax), ("SC_NAME_MAX", WireLimits.NameMax),
        ("SC_SLOT_UID", WireLimits.SlotUid), ("SC_SLOT_GID", WireLimits.SlotGid),
    ];

    private static readonly (string C, string Value)[] Texts =
    [
        ("SC_RUN_DIR", WireLimits.RunDir), ("SC_GUEST_DIR", WireLimits.GuestDir), ("SC_LOWER_DIR", WireLimits.LowerDir),
        ("SC_SLOT_DIR", WireLimits.SlotDir), ("SC_HOME", WireLimits.Home),
    ];

    internal static string Assertions()
    {
        var c = new StringBuilder("#include <stddef.h>\n#include \"wire.h\"\n#include \"steps.h\"\n");
        foreach (var (type, name) in Structs)
        {
            Assert(c, $"sizeof(struct {name})", SizeOf(type));
            var offset = 0;
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                var member = Snake(field.Name.Replace("<", "").Replace(">k__BackingField", ""));
                Assert(c, $"offsetof(struct {name}, {member})", OffsetOf(type, field));
                Assert(c, $"sizeof(((struct {name} *)0)->{member})", SizeOf(field.FieldType));
                offset += SizeOf(field.FieldType);
            }

            // Fields without gaps that fill the whole: none is missing, and nothing is hidden padding.
            offset.ShouldBe(SizeOf(type), name);
        }

        foreach (var (type, prefix, upper) in Enums)
        {
            foreach (var value in Enum.GetValuesAsUnderlyingType(type).Cast<uint>().Where(value => value != 0 || type == typeof(JailStep)))
            {
                var name = Snake(Enum.GetName(type, value)!);
                Assert(c, prefix + (upper ? name.ToUpperInvariant() : name), value);
            }
        }

        foreach (var (name, value) in Constants)
        {
            Assert(c, name, value);
        }

        foreach (var (name, value) in Texts)
        {
            c.Append(CultureInfo.InvariantCulture, $"_Static_assert(__builtin_strcmp({name}, \"{value}\") == 0, \"{name}\");\n");
        }

        // A step that was appended to the list in C and not here would make the last one another.
        c.Append(CultureInfo.InvariantCulture, $"enum {{ count = 0\n#define X(name) + 1\nSC_STEPS(X)\n#undef X\n}};\n");
        Assert(c, "count", (uint)Enum.GetValues<JailStep>().Max());
        return c.ToString();
    }

    /// <summary>Every member of enum sc_kind in the C file, by its own name there.</summary>
    internal static IEnumerable<string> KindNames() =>
        Enum.GetNames<MessageKind>().Select(name => "SC_" + Snake(name).ToUpperInvariant());

    private static void Assert(StringBuilder c, string expression, object value) =>
        c.Append(CultureInfo.InvariantCulture, $"_Static_assert({expression} == {value}, \"{expression} is not {value}\");\n");

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int OffsetOf(Type type, FieldInfo field)
    {
        // A struct of zeros with this one field set to ones: the first byte that is not zero is its place.
        object whole = Activator.CreateInstance(type)!;
        field.SetValue(whole, Ones(field.FieldType));
        return Bytes(whole).AsSpan().IndexOf((byte)0xff);
    }

    private static object Ones(Type type)
    {
        var bytes = new byte[SizeOf(type)];
        bytes.AsSpan().Fill(0xff);
        return Call(nameof(FromBytes), type, bytes);
    }

    private static byte[] Bytes(object value) => (byte[])Call(nameof(ToBytes), value.GetType(), value);

    private static object Call(string method, Type type, object argument) =>
        typeof(WireLayout).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, [argument])!;

    private static object FromBytes<T>(byte[] bytes)
        where T : unmanaged => MemoryMarshal.Read<T>(bytes);

    private static byte[] ToBytes<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
