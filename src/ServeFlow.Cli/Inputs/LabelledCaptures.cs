using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Cli.Inputs;

/// <summary>Reads labelled captures for a verb, with progress.</summary>
static class LabelledCaptures
{
    public static LabelledData Load(DataSetOptions options, ProgressLine line, CancellationToken cancel)
    {
        var data =
            DataSetBuilder.Build(options, line.Adapt<DataSetProgress>(p => (p.Done, "reading captures")), cancel);
        line.Clear();
        return data;
    }
}
