using System.Buffers.Binary;
using Google.Protobuf;
using ServeFlow.Service.Inference;

namespace ServeFlow.Service;

/// <summary>Looks at a request for inference before objects are made of it: a field of two bytes can become an object
/// of two hundred.</summary>
static class GrpcMessage
{
    /// <summary>Specifies what stands before a message: whether it is compressed, and its length.</summary>
    public const int HeaderBytes = 5;

    const int MaxFields = 256;

    /// <summary>Limits a field without numbers: names, shapes and parameters.</summary>
    const int MaxFieldBytes = 4096;

    /// <summary>Specifies the tag of <c>inputs</c> in a request, and of <c>contents</c> in an input.</summary>
    const uint Inner = (5 << 3) | (uint)WireFormat.WireType.LengthDelimited;

    const uint RawContents = (7 << 3) | (uint)WireFormat.WireType.LengthDelimited;

    /// <summary>Determines whether a message has few fields, and none but those of numbers is long. One that cannot be
    /// read is left to gRPC, which refuses it.</summary>
    public static bool HasFewFields(PooledBody body)
    {
        if (body.Length < HeaderBytes || body.Bytes[0] != 0)
        {
            return true;
        }

        var length = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(body.Bytes[1..]), body.Length - HeaderBytes);
        using var stream = body.OpenRead();
        stream.Position = HeaderBytes;
        using var message = new CodedInputStream(stream);
        var left = MaxFields;
        try
        {
            return Take(message, HeaderBytes + length, depth: 0, ref left);
        }
        catch (InvalidProtocolBufferException)
        {
            return true;
        }
    }

    /// <param name="end">Where the message, or the input or the contents in it, ends.</param>
    /// <param name="left">The fields that may still come.</param>
    static bool Take(CodedInputStream message, long end, int depth, ref int left)
    {
        while (message.Position < end && message.ReadTag() is not 0 and var tag)
        {
            if (--left < 0 || WireFormat.GetTagWireType(tag) == WireFormat.WireType.StartGroup)
            {
                return false;
            }

            if (tag == Inner && depth < 2)
            {
                var length = message.ReadLength();
                if (!Take(message, message.Position + length, depth + 1, ref left))
                {
                    return false;
                }

                continue;
            }

            var start = message.Position;
            message.SkipLastField();
            if (message.Position - start > MaxFieldBytes && depth < 2 && tag != RawContents)
            {
                return false;
            }
        }

        return true;
    }
}
