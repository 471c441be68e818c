namespace ServeFlow.Packets.Filters;

/// <summary>
/// Checks that running a program always ends and stays inside its bounds, as the kernel and libpcap do.
/// </summary>
static class BpfCheck
{
    public const int MemoryWords = 16;

    /// <summary>BPF_MAXINSNS of linux/bpf_common.h.</summary>
    const int MaxInstructions = 4096;

    public static bool IsValid(ReadOnlySpan<BpfInstruction> program)
    {
        if (program.Length is 0 or > MaxInstructions)
        {
            return false;
        }

        for (var i = 0; i < program.Length; i++)
        {
            if (!BpfCode.TryRead(program[i].Code, out var operation) ||
                !IsValid(operation, program[i], behind: program.Length - i - 1))
            {
                return false;
            }
        }

        return BpfCode.TryRead(program[^1].Code, out var last) && IsReturn(last);
    }

    /// <param name="behind">How many instructions follow.</param>
    static bool IsValid(BpfOperation operation, in BpfInstruction instruction, int behind) => operation switch
    {
        BpfOperation.LoadMemory or BpfOperation.LoadXMemory or BpfOperation.Store or BpfOperation.StoreX =>
            instruction.Operand < MemoryWords,
        BpfOperation.Divide or BpfOperation.Modulo => instruction.Operand != 0,
        BpfOperation.ShiftLeft or BpfOperation.ShiftRight => instruction.Operand < 32,
        BpfOperation.Jump => instruction.Operand < behind,
        >= BpfOperation.IfEqual and <= BpfOperation.IfAnySetX =>
            Math.Max(instruction.IfTrue, instruction.IfFalse) < behind,
        _ => IsReturn(operation) || behind > 0,
    };

    static bool IsReturn(BpfOperation operation) =>
        operation is BpfOperation.ReturnConstant or BpfOperation.ReturnRegister;
}
