namespace ServeFlow.Features;

/// <summary>Direction, size or inter-arrival time: every packet has them.</summary>
sealed class PacketFeatureField(PacketFeature feature) : RecordField
{
    public override string Name => feature.Column;

    public override bool IsPresent(in HeaderRecord record) => true;

    public override void Copy(in HeaderRecord from, ref HeaderRecord to)
    {
        switch (feature.Kind)
        {
            case PacketFeatureKind.Direction:
                to.Direction = from.Direction;
                break;
            case PacketFeatureKind.Size:
                to.Size = from.Size;
                break;
            default:
                to.InterArrivalMicroseconds = from.InterArrivalMicroseconds;
                break;
        }
    }

    public override void Clear(ref HeaderRecord record) => Copy(default, ref record);

    public override ulong Read(in HeaderRecord record) => feature.Kind switch
    {
        PacketFeatureKind.Direction => record.Direction,
        PacketFeatureKind.Size => record.Size,
        _ => record.InterArrivalMicroseconds,
    };
}
