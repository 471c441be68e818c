namespace ServeFlow;

/// <summary>
/// What a user can set, where an error has to point at it. Messages name settings in words; whoever shows a message
/// adds how the user spells them, as the command line does with its options.
/// </summary>
public enum Setting
{
    Bundle,
    CaptureCount,
    CaptureParts,
    Captures,
    ClassCount,
    Confidence,
    Depths,
    Features,
    FlowCount,
    HoldOut,
    Import,
    Labels,
    Load,
    Mask,
    MaxLoss,
    Models,
    PacketsPerFlow,
    Rate,
    Report,
    Split,
    SyntheticSet,
    Tiers,
    Unknown,
    Window,
}
