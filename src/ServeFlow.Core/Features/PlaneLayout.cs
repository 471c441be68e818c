namespace ServeFlow.Features;

/// <summary>
/// Plans which words of the records a <see cref="PlaneExtractor"/> gathers for its tests, which bits it reads of
/// them, and where each plane stands. Where a test is "is the bit set" or "is it there", its plane is read at once;
/// other tests are answered from planes of the bit and its presence, which stand behind the tests' own.
/// </summary>
sealed class PlaneLayout
{
    const int PlaneBytes = PlaneExtractor.PlaneBytes;

    /// <summary>Stands for "is there such a packet" among the bytes of a record.</summary>
    const int Exists = HeaderRecord.RecordLength;

    /// <summary>First byte of the TCP options in a record: they fill whole words.</summary>
    public const int FirstOption = HeaderRecord.TcpOffset + TcpTimestamps.OptionsOffset;

    readonly FeatureSchema schema;
    readonly SortedDictionary<(int Packet, int FirstByte), (List<BitRead> Bits, List<LengthRead> Lengths)> words = [];
    readonly Dictionary<(int Packet, int RecordByte, int LeftShift), int> bits = [];
    readonly Dictionary<(int Packet, int RecordByte, int Above), int> presences = [];
    readonly Dictionary<(int Packet, int Column), int> numberRows = [];
    readonly List<BitTest> bitTests = [];
    readonly List<NumberTest> numberTests = [];

    public PlaneLayout(FeatureSchema schema, IReadOnlyList<PlaneTest> tests)
    {
        this.schema = schema;
        PlaneCount = tests.Count;
        for (var plane = 0; plane < tests.Count; plane++)
        {
            AddOwnPlane(plane * PlaneBytes, tests[plane]);
        }

        for (var plane = 0; plane < tests.Count; plane++)
        {
            AddTest(plane * PlaneBytes, tests[plane]);
        }
    }

    public int PlaneCount { get; private set; }

    public int NumberCount => numberRows.Count;

    public BitTest[] BitTests() => [.. bitTests];

    public NumberTest[] NumberTests() => [.. numberTests];

    /// <summary>Gets the reads of each word, in the order of the words.</summary>
    public WordReads[] Reads() => [.. words.Values.Select(word =>
        new WordReads([.. word.Bits.OrderBy(bit => bit.Byte)], [.. word.Lengths]))];

    public PacketWords[] Packets()
    {
        var places = words.Keys.Index().ToLookup(word => word.Item.Packet,
            word => (RecordByte: word.Item.FirstByte, At: word.Index * PlaneExtractor.WordStride));
        var numbers = numberRows.Where(row => !schema.IsAggregate(row.Key.Column)).ToLookup(row => row.Key.Packet,
            row => (Kind: schema.PacketFeatureAt(row.Key.Column), Row: row.Value));
        return [.. places.Select(group => group.Key).Union(numbers.Select(group => group.Key)).Order()
            .Select(packet => new PacketWords(packet,
                [.. places[packet].Where(word => word.RecordByte != Exists && !IsOption(word.RecordByte))],
                [.. places[packet].Where(word => IsOption(word.RecordByte))],
                [.. numbers[packet]],
                places[packet].Where(word => word.RecordByte == Exists).Select(word => word.At)
                    .DefaultIfEmpty(-1).First()))];
    }

    /// <summary>Gets the aggregates that are compared, those of fewer packets first.</summary>
    public AggregateRow[] Aggregates() =>
    [
        .. numberRows.Where(row => schema.IsAggregate(row.Key.Column)).OrderBy(row => row.Key.Packet)
            .Select(row => new AggregateRow(row.Key.Packet, schema.AggregateAt(row.Key.Column), row.Value)),
    ];

    /// <summary>The simplest tests first: others then find their planes.</summary>
    void AddOwnPlane(int plane, in PlaneTest test)
    {
        if (TryColumn(test, out var packet, out var bit) && !test.WhenAbsent && test.WhenOne)
        {
            _ = test.WhenZero ? Presence(packet, bit, plane) : Ones(packet, bit, plane);
        }
    }

    void AddTest(int plane, in PlaneTest test)
    {
        if (!TryColumn(test, out var packet, out var bit))
        {
            AddNumber(plane, test);
        }
        else if (test.WhenAbsent || !test.WhenOne
            || (test.WhenZero ? Presence(packet, bit, plane) : Ones(packet, bit, plane)) != plane)
        {
            bitTests.Add(new(plane, Ones(packet, bit, -1), Presence(packet, bit, -1), Mask(test.WhenAbsent),
                Mask(test.WhenZero), Mask(test.WhenOne)));
        }
    }

    void AddNumber(int plane, in PlaneTest test)
    {
        var key = Math.DivRem(test.Column, schema.ColumnsPerPacket);
        if (!numberRows.TryGetValue(key, out var row))
        {
            numberRows.Add(key, row = numberRows.Count * PlaneExtractor.BatchSize);
        }

        numberTests.Add(new(plane, row, FloatThreshold.RoundDown(test.Threshold)));
    }

    /// <summary>Gets the bit behind a column; a direction counts as a bit. False where the column is neither.</summary>
    bool TryColumn(in PlaneTest test, out int packet, out FeatureColumn bit)
    {
        packet = test.Column / schema.ColumnsPerPacket;
        var column = test.Column % schema.ColumnsPerPacket;
        if (schema.TryBit(column, out bit))
        {
            return true;
        }

        bit = new(HeaderRecord.DirectionOffset, 0, Exists, 0, FeatureColumn.NoOption);
        return schema.IsDirection(column);
    }

    /// <summary>Returns the plane of a bit; absent bits are zero in a record.</summary>
    /// <param name="own">Where it may stand if it stands nowhere yet; −1 for a place behind the tests.</param>
    int Ones(int packet, in FeatureColumn bit, int own)
    {
        var key = (packet, (int)bit.RecordByte, LeftShift: 7 - bit.Shift);
        if (!bits.TryGetValue(key, out var plane))
        {
            bits.Add(key, plane = own >= 0 ? own : NewPlane());
            Word(packet, bit.RecordByte).Bits.Add(new((byte)(bit.RecordByte % 8), (byte)key.LeftShift, plane));
        }

        return plane;
    }

    int Presence(int packet, in FeatureColumn bit, int own)
    {
        var key = (packet, (int)bit.LengthByte, (int)bit.HeaderByte);
        if (!presences.TryGetValue(key, out var plane))
        {
            presences.Add(key, plane = own >= 0 ? own : NewPlane());
            Word(packet, bit.LengthByte).Lengths.Add(new((byte)(bit.LengthByte % 8), bit.HeaderByte, plane));
        }

        return plane;
    }

    (List<BitRead> Bits, List<LengthRead> Lengths) Word(int packet, int recordByte)
    {
        var key = (packet, recordByte / 8 * 8);
        if (!words.TryGetValue(key, out var word))
        {
            words.Add(key, word = ([], []));
        }

        return word;
    }

    int NewPlane() => PlaneCount++ * PlaneBytes;

    static bool IsOption(int recordByte) => recordByte is >= FirstOption and < HeaderRecord.UdpOffset;

    static byte Mask(bool answer) => answer ? byte.MaxValue : (byte)0;
}
