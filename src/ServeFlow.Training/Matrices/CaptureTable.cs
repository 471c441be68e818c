using ServeFlow.Features.Matrices;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Matrices;

/// <summary>
/// Builds what a matrix says of the captures: their hashes, and which are left for a training to judge by.
/// </summary>
static class CaptureTable
{
    public static IReadOnlyDictionary<string, MatrixCapture> Create(MatrixRequest request,
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
}
