using ServeFlow.Features.Matrices;
using ServeFlow.Features;
using ServeFlow.Packets;

namespace ServeFlow.Tests.Matrices;

/// <summary>Three flows with labels and values that tell every cell apart as far as its type can.</summary>
static class MatrixFixture
{
    public const long FirstNs = 1_700_000_000_123_456_000;

    public static readonly MatrixLayout Bits = new(FeatureSchema.Parse("nprint:udp+dir"), 2, HasLabels: true);

    public static readonly MatrixLayout Numbers = new(FeatureSchema.Parse("nprint:udp+size+iat"), 2, HasLabels: false);

    public static readonly MatrixRow[] Rows =
    [
        Row("a/one.pcap", "192.168.0.1", "10.0.0.2", 6, 0, "zoom"),
        Row("a/one.pcap", "2001:db8::1", "2001:db8::2", 58, 1, "dns"),
        Row("b/zwei, \"drei\" \u00fc\U0001F600.pcap", "192.168.0.3", "10.0.0.4", 132, 2, "zoom"),
    ];

    /// <summary>The value of a cell: −1, 0 or 1 for bits, any size for numbers.</summary>
    public static float Value(MatrixLayout layout, int row, int column) =>
        layout.Schema.Field(column % layout.Schema.ColumnsPerPacket) is "size" or "iat_us"
            ? (row * 100_000) + column
            : ((row + column) % 3) - 1;

    public static void Write(IMatrixWriter writer, MatrixLayout layout)
    {
        for (var row = 0; row < Rows.Length; row++)
        {
            var values = Enumerable.Range(0, layout.Columns).Select(column => Value(layout, row, column)).ToArray();
            writer.Write(Rows[row], values);
        }

        writer.Complete();
    }

    static MatrixRow Row(string capture, string source, string destination, byte protocol, int place, string label) =>
        new(capture, Address(source), (ushort)(50_000 + place), Address(destination), (ushort)(443 + place), protocol,
            FirstNs + place, label);

    static IpAddress Address(string text) => IpAddress.TryParse(text, out var address)
        ? address
        : throw new ArgumentException(text);
}
