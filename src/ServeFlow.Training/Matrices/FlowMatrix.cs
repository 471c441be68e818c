using ServeFlow.Features.Matrices;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Units;

namespace ServeFlow.Training.Matrices;

/// <summary>Captures as a feature matrix: a row per flow, or per window of one.</summary>
public sealed class FlowMatrix
{
    readonly MatrixRequest request;
    readonly CaptureSet found;
    readonly IReadOnlyList<CapturePath> captures;
    readonly FlowLabeller? labels;

    FlowMatrix(MatrixRequest request, CaptureSet found, MatrixLayout layout)
    {
        (this.request, this.found, captures, Layout) = (request, found, found.Captures, layout);
        labels = request.Labels is { } file ? FlowLabeller.Read(file, request.Path, captures,
            request.LabelShift, request.JoinsCaptures) : null;
    }

    public MatrixLayout Layout { get; }

    /// <summary>Gets the files that are read, which no output may overwrite.</summary>
    public IEnumerable<string?> Inputs => [request.Labels, .. captures.Select(c => c.Path)];

    /// <summary>Finds the captures and lays the columns out, before the first row is written.</summary>
    /// <exception cref="InputException">There is no capture, or the labels cannot be read.</exception>
    public static FlowMatrix Open(MatrixRequest request, IProgress<DataSetProgress>? progress = null,
        CancellationToken cancel = default)
    {
        var found = CaptureSet.Find(request.Path, request.Expansion, cancel);
        return new(request, found, new MatrixLayout(request.Schema, request.Packets,
            HasLabels: request.Labels is not null, HasWindows: request.Window is not null)
        {
            // Standard input has no file to hash.
            Captures = request.DescribesCaptures && request.Path != CaptureFile.StandardInput
                ? DescribeCaptures(request, found.Captures, progress, cancel)
                : new Dictionary<string, MatrixCapture>(),
        });
    }

    /// <summary>Gets the captures' hashes, and which of them are left for a training to judge by.</summary>
    static IReadOnlyDictionary<string, MatrixCapture> DescribeCaptures(MatrixRequest request,
        IReadOnlyList<CapturePath> captures, IProgress<DataSetProgress>? progress, CancellationToken cancel) =>
        request.HoldOut > 0 || request.Calibrate > 0
            ? AssignParts(request, progress, cancel)
            : captures.Select(c => (c.Name, Hash: CaptureHash.TryCompute(c))).Where(c => c.Hash is not null)
                .ToDictionary(c => c.Name, c => new MatrixCapture(c.Hash!, CaptureParts.Train));

    /// <summary>Divides them as a training does: by the same labels, share and seed.</summary>
    static Dictionary<string, MatrixCapture> AssignParts(MatrixRequest request, IProgress<DataSetProgress>? progress,
        CancellationToken cancel)
    {
        var data = DataSetBuilder.Build(new()
        {
            Path = request.Path,
            Labels = request.Labels,
            LabelShift = request.LabelShift,
            JoinsCaptures = request.JoinsCaptures,
            Schema = request.Schema,
            Depth = 1,
            Window = request.Window,
            Flows = request.Flows,
        }, progress, cancel).Data;
        var parts = CaptureParts.Assign(data, request.HoldOut, request.Calibrate, SplitKind.Capture, request.Seed);
        return data.Captures.Index().ToDictionary(c => c.Item.Path,
            c => new MatrixCapture(c.Item.Sha256, parts[c.Index]));
    }

    /// <summary>Reads the captures and writes their rows, to the end of the matrix.</summary>
    /// <exception cref="InputException">Not one row came of it.</exception>
    public MatrixSummary Write(IMatrixWriter writer, IProgress<DataSetProgress>? progress = null,
        CancellationToken cancel = default)
    {
        var rows = new RowWriter(writer, Layout);
        var labelled = labels is null ? null : new LabelledRowWriter(rows, labels);
        var summary = new MatrixSummary(found.Skipped)
        {
            Schema = request.Schema.Hash,
            Columns = Layout.Columns,
        };
        ReadAll((IRowReceiver?)labelled ?? rows, summary, progress, cancel);
        (summary.Rows, summary.Unlabelled) = (rows.Rows, labelled?.Unlabelled ?? 0);
        summary.LabelNotes = labels is null
            ? []
            : [.. labels.Report.Lines, .. Conflicts(labels), .. labels.Report.Examples];
        ThrowIfNothing(summary);
        writer.Complete();
        return summary;
    }

    static IEnumerable<string> Conflicts(FlowLabeller labels) =>
        labels.Conflicts > 0 ? [LabelReport.ConflictLine(labels.Conflicts)] : [];

    void ReadAll(IRowReceiver receiver, MatrixSummary summary, IProgress<DataSetProgress>? progress,
        CancellationToken cancel)
    {
        // The seed decides in no way which flows there are; a fixed one makes two runs alike in every detail.
        var collector = new UnitCollector(new(request.Packets, request.WaitLimit, new(request.Window)),
            request.Flows with { HashSeed = 1 }, receiver);
        foreach (var outcome in request.JoinsCaptures
            ? ReadJoined(collector, receiver, cancel)
            : ReadEach(collector, receiver, progress, cancel))
        {
            summary.Add(outcome);
        }

        summary.Ignored.Add(collector.Ignored);
        summary.Untracked.Add(collector.Untracked);
        summary.Traffic = collector.Traffic;
    }

    IEnumerable<CaptureOutcome> ReadEach(UnitCollector collector, IRowReceiver receiver,
        IProgress<DataSetProgress>? progress, CancellationToken cancel)
    {
        foreach (var (place, path) in captures.Index())
        {
            if (captures.Count > 1)
            {
                progress?.Report(new((double)place / captures.Count, DataSetProgress.Reading));
            }

            receiver.BeginCapture(place, path.Name);
            yield return collector.Read(path, meter: null, cancel);
        }
    }

    IReadOnlyList<CaptureOutcome> ReadJoined(UnitCollector collector, IRowReceiver receiver, CancellationToken cancel)
    {
        receiver.BeginCapture(0, captures[0].Name);
        return collector.ReadJoined(captures, receiver.JoinCapture, meter: null, cancel);
    }

    void ThrowIfNothing(MatrixSummary summary)
    {
        if (summary.Rows > 0)
        {
            return;
        }

        if (summary.Unlabelled > 0 && labels is not null)
        {
            throw new InputException($"{request.Labels}: none of its {labels.Report.Rows} rows matches one of the "
                + $"{summary.Unlabelled} flows in {request.Path} ({labels.Report.Explain(labels.Conflicts)}); check "
                + "the pcap column and the five-tuples")
            {
                Settings = labels.Report.TimeShift is null ? [] : [Setting.LabelShift],
            };
        }

        throw new InputException($"{request.Path}: no flow in {summary.Captures} captures with {summary.Packets} "
            + $"packets{summary.ExplainIgnored()}; give captures that hold IP packets");
    }
}
