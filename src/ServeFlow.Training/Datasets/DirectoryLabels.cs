using ServeFlow.Flows;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Training.Datasets;

/// <summary>Every flow of a capture carries the name of the directory, first below the one that was read.</summary>
sealed class DirectoryLabels(string label) : ICaptureLabels
{
    public LabelInterest Begin(in Flow flow, long firstNs, int candidate) => LabelInterest.Keep;

    public void Resolve(IReadOnlyList<CandidateFlow> candidates)
    {
        foreach (var candidate in candidates)
        {
            candidate.Label = label;
        }
    }

    /// <exception cref="InputException">
    /// The capture lies in no class directory, or in one whose name cannot be a label.
    /// </exception>
    public static string LabelOf(CapturePath capture, string path)
    {
        var end = capture.Name.IndexOf('/');
        return end > 0
            ? LabelText.Check(capture.Name[..end], capture.Path, "rename the directory")
            : throw new InputException($"{capture.Path}: lies in no class directory of '{path}'; without a labels file "
                + "each class needs a directory of its own: move the capture into one, or give a labels file")
            {
                Settings = [Setting.Labels],
            };
    }
}
