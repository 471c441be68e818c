namespace ServeFlow.Models.SmallBatches;

/// <summary>Finds the leaves that a few flows reach in every tree. Owned by one worker.</summary>
unsafe interface ITreeKernel
{
    /// <summary>Limits the flows that are taken at once.</summary>
    const int MaxFlows = 4;

    /// <param name="answers">[flows × <see cref="SmallBatchForest.AnswerBytes"/>]: bit b of a flow tells whether it
    /// answers the predicate of place b with yes.</param>
    /// <param name="flows">1 to <see cref="MaxFlows"/>.</param>
    /// <param name="leaves">[flows × <see cref="SmallBatchForest.LeafPlaces"/>]: receives the number of each leaf.
    /// </param>
    void FindLeaves(byte* answers, int flows, ushort* leaves);
}
