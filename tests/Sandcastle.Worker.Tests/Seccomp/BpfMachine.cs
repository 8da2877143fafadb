using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>Runs a classic BPF program as the kernel runs a seccomp filter: over struct seccomp_data, down to its return value.</summary>
internal sealed class BpfMachine(byte[] program)
{
    internal const uint Allow = 0x7fff0000;
    internal const uint KillProcess = 0x80000000;
    internal const uint I386 = 0x40000003;
    private const int DataSize = 64;

    /// <summary>AUDIT_ARCH_* of the machine that the tests run on.</summary>
    internal static uint NativeArchitecture =>
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? 0xc00000b7 : 0xc000003e;

    internal int Length => program.Length / 8;

    internal static uint Errno(int error) => 0x00050000u | (uint)error;

    internal uint Run(uint architecture, int number, ReadOnlySpan<ulong> arguments)
    {
        Span<byte> data = stackalloc byte[DataSize];
        data.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (var i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (8 * i))..], arguments[i]);
        }

        return Run(data);
    }

    private uint Run(ReadOnlySpan<byte> data)
    {
        var accumulator = 0u;
        for (var at = 0; ; at++)
        {
            var instruction = program.AsSpan(at * 8, 8);
            var code = BinaryPrimitives.ReadUInt16LittleEndian(instruction);
            var k = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (code)
            {
                case 0x20: // ld [k]
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)k..]);
                    break;
                case 0x54: // and #k
                    accumulator &= k;
                    break;
                case 0x05: // ja k
                    at += (int)k;
                    break;
                case 0x15: // jeq
                    at += instruction[accumulator == k ? 2 : 3];
                    break;
                case 0x25: // jgt
                    at += instruction[accumulator > k ? 2 : 3];
                    break;
                case 0x35: // jge
                    at += instruction[accumulator >= k ? 2 : 3];
                    break;
                case 0x06: // ret #k
                    return k;
                default:
                    throw new InvalidOperationException($"instruction {at} has code 0x{code:x}");
            }
        }
    }
}
