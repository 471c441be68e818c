using System.Text;
using ServeFlow.Cli.Terminal;
using ServeFlow.Export.Tables;
using ServeFlow.Features.Matrices;
using ServeFlow.Flows;
using ServeFlow.Flows.CommunityIds;
using ServeFlow.Packets;
using ServeFlow.Training.Evaluation;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary>
/// Represents the file with a row for each labelled flow: who it is, its truth, and every answer to it. It is CSV
/// or Parquet by the end of its name.
/// </summary>
sealed class PredictionsFile : IDisposable
{
    const string Option = "--predictions";

    readonly OutputFile output;
    readonly bool isParquet;

    /// <param name="inputs">Files that are read, and must not be written over.</param>
    /// <exception cref="InputException">The name's end says no format, or the file cannot be made.</exception>
    public PredictionsFile(string path, params IEnumerable<string?> inputs)
    {
        isParquet = path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
        if (!isParquet && !path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"{Option} {path}: the end of the name says the format; use FILE.csv or "
                + "FILE.parquet");
        }

        Path = path;
        output = OutputFile.ForOption(Option, path, inputs);
    }

    public string Path { get; }

    /// <summary>Writes the rows; the file then appears under its name.</summary>
    public void Write(EvaluationResult result, bool hasSafeCells)
    {
        var columns = Columns(result);
        if (isParquet)
        {
            TableWriter.WriteParquet(output.Stream, columns, result.Predictions);
        }
        else
        {
            TableWriter.WriteCsv(output.Stream, columns, result.Predictions, hasSafeCells);
        }

        output.Complete();
    }

    public void Dispose() => output.Dispose();

    /// <summary>Lists the columns; docs/formats/predictions.md describes them.</summary>
    internal static IReadOnlyList<TableColumn<FlowPrediction>> Columns(EvaluationResult result) =>
    [
        TableColumn<FlowPrediction>.Text("community_id", row => CommunityIdOf(row.Flow.Key)),
        TableColumn<FlowPrediction>.Text("pcap", row => row.Capture),
        TableColumn<FlowPrediction>.Text("src", row => Row(row).Source.ToString()),
        TableColumn<FlowPrediction>.Whole("sport", row => Row(row).SourcePort),
        TableColumn<FlowPrediction>.Text("dst", row => Row(row).Destination.ToString()),
        TableColumn<FlowPrediction>.Whole("dport", row => Row(row).DestinationPort),
        TableColumn<FlowPrediction>.Text("proto", row => Row(row).ProtocolText),
        TableColumn<FlowPrediction>.Time("first_ts", row => row.Flow.FirstNs),
        .. result.Unit.IsWholeFlow
            ? Array.Empty<TableColumn<FlowPrediction>>()
            : [TableColumn<FlowPrediction>.Whole("window", row => row.Flow.Window)],
        TableColumn<FlowPrediction>.Text("truth", row => row.Truth),
        TableColumn<FlowPrediction>.Text("tier", row => row.Tier),
        .. Answer("", row => row.Answer),
        .. result.Tiers.SelectMany((tier, number) => Answer($"{tier.Name}_", row => row.Alone[number])),
    ];

    static IEnumerable<TableColumn<FlowPrediction>> Answer(string of, Func<FlowPrediction, TierAnswer> answer) =>
    [
        TableColumn<FlowPrediction>.Text($"{of}answer", row => answer(row).Label),
        TableColumn<FlowPrediction>.Number($"{of}confidence", row => answer(row).Confidence),
        TableColumn<FlowPrediction>.Whole($"{of}packets", row => answer(row).Packets),
        TableColumn<FlowPrediction>.Number($"{of}ms", row => answer(row).Ms),
    ];

    /// <summary>Names the flow as a row of a feature matrix does.</summary>
    static MatrixRow Row(FlowPrediction row)
    {
        var (key, flow) = (row.Flow.Key, row.Flow);
        (IpAddress Address, ushort Port) low = (key.LowAddress, key.LowPort), high = (key.HighAddress, key.HighPort);
        var (source, destination) = flow.SourceIsLow ? (low, high) : (high, low);
        return new(row.Capture, source.Address, source.Port, destination.Address, destination.Port, key.Protocol,
            flow.FirstNs, row.Truth);
    }

    static string CommunityIdOf(in FlowKey key)
    {
        Span<byte> text = stackalloc byte[CommunityId.Length];
        CommunityId.TryFormat(key, 0, text);
        return Encoding.ASCII.GetString(text);
    }
}
