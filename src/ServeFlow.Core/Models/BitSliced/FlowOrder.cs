namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Defines where a flow's scores are stored. Codes come out of the bit transpose in registers by the flow's number
/// modulo 8, and 16-bit sums in halves of a register by whether the byte's number is even.
/// </summary>
static class FlowOrder
{
    /// <param name="block">Flows that are taken at once.</param>
    /// <returns>[512] by flow, its place.</returns>
    public static ushort[] Create(int block)
    {
        var places = new ushort[BitSlicedForest.BatchSize];
        for (var flow = 0; flow < places.Length; flow++)
        {
            var (first, inBlock) = (flow / block * block, flow % block);
            var (register, at) = (inBlock % 8, inBlock / 8);
            var half = at % 2 * (block / 16);
            places[flow] = (ushort)(first + (register * (block / 8)) + half + (at / 2));
        }

        return places;
    }
}
