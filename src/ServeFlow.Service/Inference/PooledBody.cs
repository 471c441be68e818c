using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace ServeFlow.Service.Inference;

/// <summary>
/// Holds a request's body in memory that is used again: bodies are large, and fresh memory for each would be collected
/// with all others. It grows with what has come, whatever length was claimed.
/// </summary>
sealed class PooledBody : IDisposable
{
    const int FirstBytes = 64 << 10;

    byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);

    /// <summary>Gets how many bytes have come.</summary>
    public int Length { get; private set; }

    public Span<byte> Bytes => buffer.AsSpan(0, Length);

    /// <summary>Opens what has come as a stream, which must not be read after this is disposed of.</summary>
    public Stream OpenRead() => new MemoryStream(buffer, 0, Length, writable: false);

    /// <summary>Reads the body to its end.</summary>
    /// <param name="most">The most bytes that are taken.</param>
    /// <exception cref="BadHttpRequestException">It is longer, or ends too soon.</exception>
    public async Task ReadAsync(PipeReader reader, int most, CancellationToken cancel)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            if (Length + read.Buffer.Length > most)
            {
                throw new BadHttpRequestException($"has more than {most} bytes",
                    StatusCodes.Status413PayloadTooLarge);
            }

            Append(read.Buffer);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    void Append(ReadOnlySequence<byte> bytes)
    {
        var needed = Length + (int)bytes.Length;
        if (needed > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * needed);
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        bytes.CopyTo(buffer.AsSpan(Length));
        Length = needed;
    }
}
