namespace ServeFlow.Packets.Filters;

/// <summary>
/// Names what an instruction does, numbered without gaps: A and X are the registers, K the operand, M the memory.
/// </summary>
enum BpfOperation : byte
{
    LoadWord, LoadHalf, LoadByte, LoadWordAtX, LoadHalfAtX, LoadByteAtX, LoadLength, LoadConstant, LoadMemory,
    LoadXConstant, LoadXMemory, LoadXLength, LoadXHeaderLength,
    Store, StoreX,
    Add, Subtract, Multiply, Divide, Modulo, Or, And, Xor, ShiftLeft, ShiftRight,
    AddX, SubtractX, MultiplyX, DivideX, ModuloX, OrX, AndX, XorX, ShiftLeftX, ShiftRightX, Negate,
    Jump, IfEqual, IfGreater, IfNotLess, IfAnySet, IfEqualX, IfGreaterX, IfNotLessX, IfAnySetX,
    CopyToX, CopyFromX, ReturnConstant, ReturnRegister,
}
