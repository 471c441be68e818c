using System.IO.Compression;
using ServeFlow.Features.Matrices;

namespace ServeFlow.Export.Matrices;

/// <summary>
/// A feature matrix for <c>numpy.load</c>: a zip of arrays, none of them pickled. docs/formats/features.md lists them.
/// </summary>
public sealed class NpzMatrixWriter : IMatrixWriter
{
    /// <summary>INET6_ADDRSTRLEN without its NUL.</summary>
    const int AddressWidth = 45;

    /// <summary>Specifies the earliest time that a zip can hold, as NumPy writes it: equal matrices are equal
    /// files.</summary>
    static readonly DateTimeOffset zipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly Stream output;
    readonly MatrixLayout layout;
    readonly string scratchPrefix;
    readonly Dictionary<string, NpyArray> arrays = [];
    readonly OrderedDictionary<string, int> captures = [];
    readonly List<string> labelOfRow = [];
    readonly sbyte[] bits;

    /// <param name="scratchDirectory">Holds the arrays while they grow: as large as the matrix, uncompressed.</param>
    public NpzMatrixWriter(Stream output, MatrixLayout layout, string scratchDirectory)
    {
        this.output = output;
        this.layout = layout;
        scratchPrefix = Path.Combine(scratchDirectory, $".serveflow-{Guid.NewGuid():N}-");
        bits = new sbyte[layout.Columns];
        Begin("X", layout.Schema.IsBinary ? "|i1" : "<f4", layout.Columns);
        Begin("pcap", "<i4");
        Begin("src", $"<U{AddressWidth}");
        Begin("sport", "<u2");
        Begin("dst", $"<U{AddressWidth}");
        Begin("dport", "<u2");
        Begin("proto", "|u1");
        Begin("first_ts", "<M8[ns]");
        if (layout.HasWindows)
        {
            Begin("window", "<i8");
        }
    }

    public void Write(in MatrixRow flow, ReadOnlySpan<float> values)
    {
        WriteValues(values);
        captures.TryAdd(flow.Capture, captures.Count);
        arrays["pcap"].Add(captures[flow.Capture]);
        arrays["src"].AddText(flow.Source.ToString(), AddressWidth);
        arrays["sport"].Add(flow.SourcePort);
        arrays["dst"].AddText(flow.Destination.ToString(), AddressWidth);
        arrays["dport"].Add(flow.DestinationPort);
        arrays["proto"].Add(flow.Protocol);
        arrays["first_ts"].Add(flow.FirstNs);
        if (layout.HasWindows)
        {
            arrays["window"].Add(flow.Window);
        }

        if (layout.HasLabels)
        {
            labelOfRow.Add(flow.Label ?? "");
        }
    }

    public void Complete()
    {
        AddTexts("pcaps", captures.Keys);
        if (layout.Captures.Count > 0)
        {
            AddTexts("pcap_sha256", [.. captures.Keys.Select(name => layout.Captures[name].Sha256)]);
            AddTexts("pcap_part", [.. captures.Keys.Select(name => layout.Captures[name].Part)]);
        }

        AddTexts("columns", [.. layout.Names]);
        AddTexts("schema", [layout.Schema.Set, layout.Schema.Mask, layout.Schema.Hash]);
        if (layout.HasLabels)
        {
            AddLabels();
        }

        using var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays)
        {
            var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.Fastest);
            entry.LastWriteTime = zipEpoch;
            using var content = entry.Open();
            array.CopyTo(content);
        }
    }

    public void Dispose()
    {
        foreach (var array in arrays.Values)
        {
            array.Dispose();
        }

        output.Dispose();
    }

    void Begin(string name, string type, int? columns = null) =>
        arrays.Add(name, new(scratchPrefix + name, type, columns));

    void AddTexts(string name, IReadOnlyCollection<string> texts) =>
        arrays.Add(name, NpyArray.FromTexts(scratchPrefix + name, texts));

    void WriteValues(ReadOnlySpan<float> values)
    {
        if (!layout.Schema.IsBinary)
        {
            arrays["X"].AddRow(values);
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            bits[i] = (sbyte)values[i];
        }

        arrays["X"].AddRow<sbyte>(bits);
    }

    /// <summary><c>labels</c> are the class names, sorted; <c>y</c> is each row's place in them.</summary>
    void AddLabels()
    {
        string[] labels = [.. labelOfRow.Distinct().Order(StringComparer.Ordinal)];
        AddTexts("labels", labels);
        Begin("y", "<i4");
        foreach (var label in labelOfRow)
        {
            arrays["y"].Add(Array.BinarySearch(labels, label, StringComparer.Ordinal));
        }
    }
}
