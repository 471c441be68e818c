namespace ServeFlow.Training.Labelling;

/// <summary>Labels a flow by the first directory of its capture, as training without a labels file does.</summary>
sealed class DirectorySource : ILabelSource
{
    public string Name => "directories";

    public bool Contradicts => true;

    public IEnumerable<string> Notes => [];

    public RecordCounts? Records => null;

    public string? Find(SheetRow flow, int row) =>
        flow.Capture.IndexOf('/', StringComparison.Ordinal) is var end and > 0 ? flow.Capture[..end] : null;
}
