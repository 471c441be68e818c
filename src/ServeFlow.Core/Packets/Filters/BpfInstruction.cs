namespace ServeFlow.Packets.Filters;

/// <summary>
/// Holds one instruction of the classic Berkeley packet filter: <c>struct bpf_insn</c> of libpcap and <c>struct
/// sock_filter</c> of Linux, which are the same.
/// </summary>
/// <param name="Code">Class, size, mode and operation: linux/bpf_common.h.</param>
/// <param name="IfTrue">How many instructions a true comparison skips.</param>
/// <param name="IfFalse">How many instructions a false comparison skips.</param>
/// <param name="Operand">The constant: a number, an offset, or how many instructions a jump skips.</param>
readonly record struct BpfInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand)
{
    const ushort LoadWordAt = 0x20;
    const ushort JumpIfEqual = 0x15;
    const ushort ReturnConstant = 0x06;

    /// <summary>Loads the big-endian word at a fixed offset.</summary>
    public static BpfInstruction Load(uint offset) => new(LoadWordAt, 0, 0, offset);

    public static BpfInstruction SkipIfEqual(uint value, byte ifTrue, byte ifFalse) =>
        new(JumpIfEqual, ifTrue, ifFalse, value);

    /// <summary>
    /// Ends the program: accepts <paramref name="length"/> bytes of the packet, or rejects it with 0.
    /// </summary>
    public static BpfInstruction Return(uint length) => new(ReturnConstant, 0, 0, length);
}
