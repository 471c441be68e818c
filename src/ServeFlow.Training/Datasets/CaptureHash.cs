using System.Security.Cryptography;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Training.Datasets;

/// <summary>Computes what a capture is recognised by: the SHA-256 of its file.</summary>
static class CaptureHash
{
    /// <summary>Gets the hash in lower-case hex; null where a capture that a search found is gone.</summary>
    /// <exception cref="InputException">The user named it, and it cannot be read.</exception>
    public static string? TryCompute(CapturePath capture)
    {
        try
        {
            using var stream = capture.OpenBytes();
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return capture.IsFound
                ? null
                : throw new InputException(
                    $"{PathBytes.ToText(capture.Path)}: the capture cannot be read ({e.Message}): "
                    + "check the path and its permissions", e);
        }
    }
}
