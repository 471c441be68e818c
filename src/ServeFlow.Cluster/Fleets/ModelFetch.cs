using ServeFlow.Cluster.Fleets.Bundles;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets;

/// <summary>Fetches models for a node from the workers that have them.</summary>
/// <param name="end">Is cancelled when the node ends.</param>
sealed class ModelFetch(IFleetNode node, FleetReach reach, CancellationToken end)
{
    /// <summary>Fetches a model from the first worker that has a whole copy.</summary>
    /// <param name="workers">The addresses of those that are there.</param>
    /// <param name="use">Takes the folder of its files.</param>
    /// <param name="problem">What is wrong where no worker has the model.</param>
    /// <exception cref="InputException">No worker has it, or it cannot be used.</exception>
    public async Task RunAsync(FleetModel model, IReadOnlyList<string> workers, Action<string> use, string problem)
    {
        FleetNames.Check(model);
        var folder = node.CreatePlace(model);
        try
        {
            if (await reach.AskEachAsync(workers, link => TryAsync(link, model, folder, Note)) is null)
            {
                throw new InputException(problem.Length > 0 ? problem
                    : $"{model}: no worker that can be reached has it");
            }

            use(folder);
        }
        catch (Exception)
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            throw;
        }

        // what is wrong with a copy says more than that a worker did not answer
        void Note(Exception e) => problem = e is InputException || problem.Length == 0 ? e.Message : problem;
    }

    async Task<string?> TryAsync(WorkerLink link, FleetModel model, string folder, Action<Exception> tell)
    {
        try
        {
            if (await BundleTransfer.TryFetchAsync(link, model, folder, end))
            {
                return "";
            }
        }
        catch (Exception e) when (e is InputException || e.IsFileFailure)
        {
            tell(e); // another worker may have it too, and whole
        }

        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }

        return null;
    }
}
