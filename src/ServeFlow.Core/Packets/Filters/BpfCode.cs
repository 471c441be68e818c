namespace ServeFlow.Packets.Filters;

/// <summary>Provides the codes of instructions, as libpcap's pcap/bpf.h and linux/bpf_common.h put them
/// together.</summary>
static class BpfCode
{
    static readonly Dictionary<ushort, BpfOperation> operations = new()
    {
        [0x20] = BpfOperation.LoadWord,
        [0x28] = BpfOperation.LoadHalf,
        [0x30] = BpfOperation.LoadByte,
        [0x40] = BpfOperation.LoadWordAtX,
        [0x48] = BpfOperation.LoadHalfAtX,
        [0x50] = BpfOperation.LoadByteAtX,
        [0x80] = BpfOperation.LoadLength,
        [0x00] = BpfOperation.LoadConstant,
        [0x60] = BpfOperation.LoadMemory,
        [0x01] = BpfOperation.LoadXConstant,
        [0x61] = BpfOperation.LoadXMemory,
        [0x81] = BpfOperation.LoadXLength,
        [0xb1] = BpfOperation.LoadXHeaderLength,
        [0x02] = BpfOperation.Store,
        [0x03] = BpfOperation.StoreX,
        [0x04] = BpfOperation.Add,
        [0x14] = BpfOperation.Subtract,
        [0x24] = BpfOperation.Multiply,
        [0x34] = BpfOperation.Divide,
        [0x94] = BpfOperation.Modulo,
        [0x44] = BpfOperation.Or,
        [0x54] = BpfOperation.And,
        [0xa4] = BpfOperation.Xor,
        [0x64] = BpfOperation.ShiftLeft,
        [0x74] = BpfOperation.ShiftRight,
        [0x0c] = BpfOperation.AddX,
        [0x1c] = BpfOperation.SubtractX,
        [0x2c] = BpfOperation.MultiplyX,
        [0x3c] = BpfOperation.DivideX,
        [0x9c] = BpfOperation.ModuloX,
        [0x4c] = BpfOperation.OrX,
        [0x5c] = BpfOperation.AndX,
        [0xac] = BpfOperation.XorX,
        [0x6c] = BpfOperation.ShiftLeftX,
        [0x7c] = BpfOperation.ShiftRightX,
        [0x84] = BpfOperation.Negate,
        [0x05] = BpfOperation.Jump,
        [0x15] = BpfOperation.IfEqual,
        [0x25] = BpfOperation.IfGreater,
        [0x35] = BpfOperation.IfNotLess,
        [0x45] = BpfOperation.IfAnySet,
        [0x1d] = BpfOperation.IfEqualX,
        [0x2d] = BpfOperation.IfGreaterX,
        [0x3d] = BpfOperation.IfNotLessX,
        [0x4d] = BpfOperation.IfAnySetX,
        [0x07] = BpfOperation.CopyToX,
        [0x87] = BpfOperation.CopyFromX,
        [0x06] = BpfOperation.ReturnConstant,
        [0x16] = BpfOperation.ReturnRegister,
    };

    public static IEnumerable<ushort> All => operations.Keys;

    public static bool TryRead(ushort code, out BpfOperation operation) => operations.TryGetValue(code, out operation);
}
