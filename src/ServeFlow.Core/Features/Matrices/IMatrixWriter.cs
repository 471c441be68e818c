namespace ServeFlow.Features.Matrices;

/// <summary>
/// Writes a feature matrix, a row per flow, as it comes: memory does not grow with the number of rows.
/// </summary>
public interface IMatrixWriter : IDisposable
{
    /// <param name="values">One value per column of the layout.</param>
    void Write(in MatrixRow flow, ReadOnlySpan<float> values);

    /// <summary>Finishes the output. Without this call it is no valid file.</summary>
    void Complete();
}
