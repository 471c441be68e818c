namespace ServeFlow.Features;

/// <summary>
/// Plans which rows a <see cref="PlaneExtractor"/> gathers for its tests, and where each test finds its own.
/// </summary>
sealed class PlaneLayout
{
    const int BatchSize = PlaneExtractor.BatchSize;

    /// <summary>Stands for "is there such a packet" among the bytes of a record.</summary>
    const int Exists = HeaderRecord.RecordLength;

    readonly Dictionary<(int Packet, int RecordByte), int> byteRows = [];
    readonly Dictionary<(int Packet, PacketFeatureKind Kind), int> numberRows = [];
    readonly Dictionary<Presence, int> presences = [];
    readonly List<BitTest> bitTests = [];
    readonly List<NumberTest> numberTests = [];

    public PlaneLayout(FeatureSchema schema, IReadOnlyList<PlaneTest> tests)
    {
        for (var plane = 0; plane < tests.Count; plane++)
        {
            var packet = tests[plane].Column / schema.ColumnsPerPacket;
            var column = tests[plane].Column % schema.ColumnsPerPacket;
            if (schema.TryBit(column, out var bit))
            {
                AddBit(plane, tests[plane], packet, bit);
            }
            else if (schema.PacketFeatureAt(column) == PacketFeatureKind.Direction)
            {
                AddDirection(plane, tests[plane], packet);
            }
            else
            {
                var row = RowOf(numberRows, (packet, schema.PacketFeatureAt(column)));
                numberTests.Add(new(plane, row, RoundDown(tests[plane].Threshold)));
            }
        }
    }

    public int RowCount => byteRows.Count;

    public int NumberCount => numberRows.Count;

    public BitTest[] BitTests() => [.. bitTests];

    public NumberTest[] NumberTests() => [.. numberTests];

    public Presence[] Presences() => [.. presences.Keys];

    public PacketRows[] Packets()
    {
        var bytes = byteRows.ToLookup(row => row.Key.Packet, row => (row.Key.RecordByte, Row: row.Value));
        var numbers = numberRows.ToLookup(row => row.Key.Packet, row => (row.Key.Kind, Row: row.Value));
        return [.. bytes.Select(group => group.Key).Union(numbers.Select(group => group.Key)).Order()
            .Select(packet => new PacketRows(packet,
                [.. bytes[packet].Where(row => row.RecordByte < Exists && !IsOption(row.RecordByte))],
                [.. bytes[packet].Where(row => IsOption(row.RecordByte))],
                [.. numbers[packet]],
                byteRows.GetValueOrDefault((packet, Exists), -1)))];
    }

    void AddBit(int plane, in PlaneTest test, int packet, FeatureColumn bit) =>
        Add(plane, test, RowOf(byteRows, (packet, bit.RecordByte)), 7 - bit.Shift,
            new(RowOf(byteRows, (packet, bit.LengthByte)), bit.HeaderByte));

    void AddDirection(int plane, in PlaneTest test, int packet) =>
        Add(plane, test, RowOf(byteRows, (packet, HeaderRecord.DirectionOffset)), 7,
            new(RowOf(byteRows, (packet, Exists)), 0));

    void Add(int plane, in PlaneTest test, int row, int leftShift, Presence presence)
    {
        if (!presences.TryGetValue(presence, out var place))
        {
            presences.Add(presence, place = presences.Count);
        }

        bitTests.Add(new(plane, row, leftShift, place, Mask(test.WhenAbsent), Mask(test.WhenZero), Mask(test.WhenOne)));
    }

    static int RowOf<TKey>(Dictionary<TKey, int> rows, TKey key) where TKey : notnull
    {
        if (!rows.TryGetValue(key, out var row))
        {
            rows.Add(key, row = rows.Count * BatchSize);
        }

        return row;
    }

    static bool IsOption(int recordByte) =>
        recordByte is >= HeaderRecord.TcpOffset + TcpTimestamps.OptionsOffset and < HeaderRecord.UdpOffset;

    static uint Mask(bool answer) => answer ? uint.MaxValue : 0;

    /// <summary>The largest float that is not above the threshold: floats compare with both alike.</summary>
    static float RoundDown(double threshold)
    {
        var rounded = (float)threshold;
        return rounded > threshold ? MathF.BitDecrement(rounded) : rounded;
    }
}
