using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures;

/// <summary>Tells why a file that a search found was not read as a capture.</summary>
public enum SkipReason
{
    /// <summary>Neither content nor name is a capture's: labels, a note, a picture.</summary>
    OtherFile,

    /// <summary>The name is a capture's and the content is not.</summary>
    NotACapture,

    /// <summary>A capture of a version, or of a tool, that is not read.</summary>
    UnsupportedFormat,

    Empty,

    /// <summary>The file ends inside the capture's file header.</summary>
    CutHeader,

    /// <summary>Compressed data that is broken before the first packet.</summary>
    CorruptCompression,

    /// <summary>A file, or a folder with whatever is in it, that this user may not read.</summary>
    NoPermission,

    /// <summary>The operating system failed to read it.</summary>
    ReadFailed,

    /// <summary>The file was there when the directory was listed, and then no more.</summary>
    Vanished,

    /// <summary>A pipe, a socket or a device.</summary>
    NotAFile,

    /// <summary>A link that leads nowhere, or round in a circle.</summary>
    BrokenLink,

    /// <summary>A link to a directory, which is not followed because it may lead round in a circle.</summary>
    LinkedDirectory,
}

/// <summary>Puts the reasons into words.</summary>
static class SkipReasonText
{
    public static string Text(this SkipReason reason, long count) => reason switch
    {
        SkipReason.OtherFile => count == 1 ? "other file" : "other files",
        _ => SnakeCase.From(reason).Replace('_', ' '),
    };
}
