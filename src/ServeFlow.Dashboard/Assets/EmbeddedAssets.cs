using System.Collections.Frozen;
using System.Security.Cryptography;

namespace ServeFlow.Dashboard.Assets;

/// <summary>
/// Holds the page's scripts and styles. They are part of the program, so that nothing comes from elsewhere, and their
/// paths change with their contents, so that a browser may keep them.
/// </summary>
public sealed class EmbeddedAssets
{
    const string Prefix = "assets/";

    static readonly FrozenDictionary<string, string> types = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    readonly FrozenDictionary<string, byte[]> files;
    readonly string version;

    public EmbeddedAssets()
    {
        var assembly = typeof(EmbeddedAssets).Assembly;
        files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => Read(assembly.GetManifestResourceStream(name)!));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, bytes) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(bytes);
        }

        version = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Gets the path of a file, as the page names it.</summary>
    public string Path(string name) => files.ContainsKey(name) ? $"/{Prefix}{version}/{name}"
        : throw new ArgumentException($"{name}: no such asset; there are {string.Join(", ", files.Keys)}");

    /// <summary>Finds the file that a path names; null where there is none, or it is of another version.</summary>
    public (byte[] Bytes, string Type)? Find(string requestedVersion, string name) =>
        requestedVersion == version && files.TryGetValue(name, out var bytes)
            ? (bytes, types[System.IO.Path.GetExtension(name)])
            : null;

    static byte[] Read(Stream stream)
    {
        using (stream)
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
