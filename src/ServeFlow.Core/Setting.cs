namespace ServeFlow;

/// <summary>
/// Names a setting that an error points at. Messages name settings in words; the caller that shows a message adds how
/// the user spells them, as the command line does with its options.
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
    LabelShift,
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
