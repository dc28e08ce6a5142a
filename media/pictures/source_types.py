"""How a picture came to be: what editors choose from, and readers are told."""

from django.db import models

__all__ = ["DigitalSourceType"]


class DigitalSourceType(models.TextChoices):
    """How a picture came to be, by the IPTC's Digital Source Type NewsCodes."""

    DIGITAL_CAPTURE = "digitalCapture", "Photograph or recording"
    COMPUTATIONAL_CAPTURE = "computationalCapture", "Photograph of several frames, as phones merge"
    NEGATIVE_FILM = "negativeFilm", "Scan of a negative"
    POSITIVE_FILM = "positiveFilm", "Scan of a slide"
    PRINT = "print", "Scan of a print"
    HUMAN_EDITS = "humanEdits", "Edited by people, without generative AI"
    ALGORITHMICALLY_ENHANCED = "algorithmicallyEnhanced", "Enhanced by a program"
    COMPOSITE_CAPTURE = "compositeCapture", "Put together from photographs"
    COMPOSITE = "composite", "Put together from several kinds"
    DIGITAL_CREATION = "digitalCreation", "Drawn by people with a program"
    DATA_DRIVEN_MEDIA = "dataDrivenMedia", "Drawn from data, as charts are"
    SCREEN_CAPTURE = "screenCapture", "Picture of a screen"
    VIRTUAL_RECORDING = "virtualRecording", "Recording of a virtual event"
    COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA = (
        "compositeWithTrainedAlgorithmicMedia",
        "Edited with generative AI",
    )
    COMPOSITE_SYNTHETIC = "compositeSynthetic", "Put together, in part by generative AI"
    TRAINED_ALGORITHMIC_MEDIA = "trainedAlgorithmicMedia", "Made with generative AI"
    ALGORITHMIC_MEDIA = "algorithmicMedia", "Made by a program without training"
