using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ServeFlow.Packets.Filters;

/// <summary>
/// A program of the classic Berkeley packet filter, run by us: one call into libpcap less for each packet. Jumps only
/// lead forward and every load is bounded, so any bytes end in an answer. Immutable; shared by all workers.
/// </summary>
sealed class BpfProgram
{
    readonly BpfInstruction[] instructions;
    readonly Step[] steps;

    BpfProgram(ReadOnlySpan<BpfInstruction> program)
    {
        instructions = program.ToArray();
        steps = Array.ConvertAll(instructions, one =>
            new Step(BpfCode.TryRead(one.Code, out var operation) ? operation : default, one.IfTrue, one.IfFalse,
                one.Operand));
    }

    /// <summary>Gets the instructions in the form that the kernel takes.</summary>
    public ReadOnlySpan<BpfInstruction> Instructions => instructions;

    /// <summary>False where the program breaks a rule of <see cref="BpfCheck"/>.</summary>
    public static bool TryCreate(ReadOnlySpan<BpfInstruction> instructions, out BpfProgram program)
    {
        var isSound = BpfCheck.IsValid(instructions);
        program = new(isSound ? instructions : [BpfInstruction.Return(0)]);
        return isSound;
    }

    /// <summary>
    /// Runs the program and returns how many bytes of the packet it accepts; 0 rejects it. A load beyond the captured
    /// bytes rejects the packet, and so does a division by zero.
    /// </summary>
    /// <param name="packet">What was captured.</param>
    /// <param name="wireLength">What was on the wire.</param>
    public uint Run(ReadOnlySpan<byte> packet, uint wireLength)
    {
        Span<uint> memory = stackalloc uint[BpfCheck.MemoryWords];
        var (a, x) = (0u, 0u);

        // One long switch: a call for each of its lines would cost more than the line.
        for (var at = 0; ; at++)
        {
            ref readonly var step = ref steps[at];
            var k = step.Operand;
            switch (step.Operation)
            {
                case BpfOperation.LoadWord:
                    if (!TryWord(packet, k, out a)) { return 0; }
                    break;
                case BpfOperation.LoadHalf:
                    if (!TryHalf(packet, k, out a)) { return 0; }
                    break;
                case BpfOperation.LoadByte:
                    if (!TryByte(packet, k, out a)) { return 0; }
                    break;
                case BpfOperation.LoadWordAtX:
                    if (!TryWord(packet, (ulong)k + x, out a)) { return 0; }
                    break;
                case BpfOperation.LoadHalfAtX:
                    if (!TryHalf(packet, (ulong)k + x, out a)) { return 0; }
                    break;
                case BpfOperation.LoadByteAtX:
                    if (!TryByte(packet, (ulong)k + x, out a)) { return 0; }
                    break;
                case BpfOperation.LoadXHeaderLength:
                    if (!TryByte(packet, k, out x)) { return 0; }
                    x = (x & 0xf) << 2;
                    break;
                case BpfOperation.LoadLength: a = wireLength; break;
                case BpfOperation.LoadConstant: a = k; break;
                case BpfOperation.LoadMemory: a = memory[(int)k]; break;
                case BpfOperation.LoadXConstant: x = k; break;
                case BpfOperation.LoadXMemory: x = memory[(int)k]; break;
                case BpfOperation.LoadXLength: x = wireLength; break;
                case BpfOperation.Store: memory[(int)k] = a; break;
                case BpfOperation.StoreX: memory[(int)k] = x; break;
                case BpfOperation.CopyToX: x = a; break;
                case BpfOperation.CopyFromX: a = x; break;
                case BpfOperation.DivideX or BpfOperation.ModuloX when x == 0: return 0;
                case >= BpfOperation.Add and <= BpfOperation.ShiftRight: a = Compute(step.Operation, a, k); break;
                case >= BpfOperation.AddX and <= BpfOperation.ShiftRightX:
                    a = Compute(step.Operation - (BpfOperation.AddX - BpfOperation.Add), a, x);
                    break;
                case BpfOperation.Negate: a = 0 - a; break;
                case BpfOperation.Jump: at += (int)k; break;
                case BpfOperation.IfEqual: at += a == k ? step.IfTrue : step.IfFalse; break;
                case BpfOperation.IfGreater: at += a > k ? step.IfTrue : step.IfFalse; break;
                case BpfOperation.IfNotLess: at += a >= k ? step.IfTrue : step.IfFalse; break;
                case BpfOperation.IfAnySet: at += (a & k) != 0 ? step.IfTrue : step.IfFalse; break;
                case BpfOperation.IfEqualX: at += a == x ? step.IfTrue : step.IfFalse; break;
                case BpfOperation.IfGreaterX: at += a > x ? step.IfTrue : step.IfFalse; break;
                case BpfOperation.IfNotLessX: at += a >= x ? step.IfTrue : step.IfFalse; break;
                case BpfOperation.IfAnySetX: at += (a & x) != 0 ? step.IfTrue : step.IfFalse; break;
                case BpfOperation.ReturnConstant: return k;
                default: return a;
            }
        }
    }

    static uint Compute(BpfOperation operation, uint a, uint b) => operation switch
    {
        BpfOperation.Add => a + b,
        BpfOperation.Subtract => a - b,
        BpfOperation.Multiply => a * b,
        BpfOperation.Divide => a / b,
        BpfOperation.Modulo => a % b,
        BpfOperation.Or => a | b,
        BpfOperation.And => a & b,
        BpfOperation.Xor => a ^ b,
        BpfOperation.ShiftLeft => b < 32 ? a << (int)b : 0,
        _ => b < 32 ? a >> (int)b : 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryWord(ReadOnlySpan<byte> packet, ulong at, out uint value)
    {
        var isInside = at + sizeof(uint) <= (uint)packet.Length;
        value = isInside ? BinaryPrimitives.ReadUInt32BigEndian(packet[(int)at..]) : 0;
        return isInside;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryHalf(ReadOnlySpan<byte> packet, ulong at, out uint value)
    {
        var isInside = at + sizeof(ushort) <= (uint)packet.Length;
        value = isInside ? BinaryPrimitives.ReadUInt16BigEndian(packet[(int)at..]) : 0u;
        return isInside;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryByte(ReadOnlySpan<byte> packet, ulong at, out uint value)
    {
        var isInside = at < (uint)packet.Length;
        value = isInside ? packet[(int)at] : 0u;
        return isInside;
    }

    readonly record struct Step(BpfOperation Operation, byte IfTrue, byte IfFalse, uint Operand);
}
