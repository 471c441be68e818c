namespace ServeFlow.Models.BitSliced;

/// <summary>Writes leaf values in fixed point as tables of digits, a byte each.</summary>
static class LeafDigits
{
    /// <returns>[part][digit][code], least significant digit first.</returns>
    public static byte[] Write(IReadOnlyList<TreePart> parts, SumRuns runs, int codes)
    {
        var tables = new byte[parts.Count * runs.Digits * codes];
        for (var run = 0; run < runs.Runs.Count; run++)
        {
            for (var place = runs.Runs[run].First; place < runs.Runs[run].End; place++)
            {
                WriteTable(parts[place], runs, run, tables.AsSpan(place * runs.Digits * codes));
            }
        }

        return tables;
    }

    static void WriteTable(TreePart part, SumRuns runs, int run, Span<byte> table)
    {
        var codes = part.Values.Length;
        for (var code = 0; code < codes; code++)
        {
            var value = runs.Round(run, part.Values[code]);
            for (var digit = 0; digit < runs.Digits; digit++)
            {
                table[(digit * codes) + code] = (byte)(value >> (8 * digit));
            }
        }
    }
}
