using ServeFlow.Flows;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>
/// Every flow carries the name of the directory, first below the one that was read, of the capture that it begins in.
/// </summary>
/// <param name="labels">The label of each capture, by its place.</param>
sealed class DirectoryLabels(IReadOnlyList<string> labels) : ICaptureLabels
{
    /// <inheritdoc cref="LabelOf"/>
    public static DirectoryLabels From(IReadOnlyList<CapturePath> captures, string path) =>
        new([.. captures.Select(capture => LabelOf(capture, path))]);

    public LabelInterest Begin(in Flow flow, long firstNs, int candidate) => LabelInterest.Keep;

    public void Resolve(IReadOnlyList<CandidateFlow> candidates)
    {
        foreach (var candidate in candidates)
        {
            candidate.Label = labels[candidate.Place];
        }
    }

    /// <exception cref="InputException">
    /// The capture lies in no class directory, or in one whose name cannot be a label.
    /// </exception>
    static string LabelOf(CapturePath capture, string path)
    {
        var end = capture.Name.IndexOf('/');
        return end > 0
            ? LabelText.Check(capture.Name[..end], PathBytes.ToText(capture.Path), "rename the directory")
            : throw new InputException($"{capture.Path}: lies in no class directory of '{path}'; without a labels file "
                + "each class needs a directory of its own: move the capture into one, or give a labels file")
            {
                Settings = [Setting.Labels],
            };
    }
}
