using System.Text.Json;

namespace ServeFlow.Onnx;

/// <summary>
/// Finds out what computed each operation of a model. ONNX Runtime computes on the processor what a provider does not
/// take, be it everything, and says so only in a profile. Its file is gone when this is disposed of.
/// </summary>
sealed class ProviderProfile : IDisposable
{
    /// <summary>Copies between devices are no operations of the model.</summary>
    const string CopyPrefix = "Memcpy";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-onnx-").FullName;

    /// <summary>Gets the path that the profile's begins with.</summary>
    public string Prefix => Path.Combine(folder, "profile");

    /// <summary>Counts the operations that ran on a provider, and all of them.</summary>
    /// <param name="path">The profile's path, where the session ended it.</param>
    /// <param name="provider">ONNX Runtime's name of the provider.</param>
    public static (int Own, int All) Count(string path, string provider)
    {
        using var profile = JsonDocument.Parse(File.ReadAllBytes(path));
        var operations = new Dictionary<string, string>();
        foreach (var entry in profile.RootElement.EnumerateArray())
        {
            if (entry.TryGetProperty("args", out var args) && args.TryGetProperty("provider", out var by)
                && args.TryGetProperty("op_name", out var operation)
                && !operation.GetString()!.StartsWith(CopyPrefix, StringComparison.Ordinal))
            {
                operations[entry.GetProperty("name").GetString()!] = by.GetString()!;
            }
        }

        return (operations.Values.Count(by => by == provider), operations.Count);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
