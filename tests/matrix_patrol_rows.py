"""What a crew's phone brings besides the stages: one plausible command each (处警端命令样例)."""

from matrix_row import row

from kuaifan.vocabulary import photo as photos


def _attach(scene):
    told = {"sha256": "0" * 64, "n_bytes": 9, "kind": "image/jpeg"}
    return photos.AttachPhoto(photo_id="photo-1", order_id=scene.order_id, **told)


def _read(scene):
    return photos.ReadPhoto(photo_id="photo-1", order_id=scene.order_id, purpose="review")


def _after_attaching(make):
    def made(scene):
        scene.desk.do(_attach(scene))
        return make(scene)

    return made


PATROL_ROWS = (
    row(photos.AttachPhoto, _attach, "", "order"),
    row(photos.AttachPhoto, _after_attaching(_attach), "once more", "order"),
    row(photos.ReadPhoto, _read, "never attached", "order"),
    row(photos.ReadPhoto, _after_attaching(_read), "", "order"),
)
