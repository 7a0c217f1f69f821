"""WhatsApp Cloud API. A delivery is kept in the database and acknowledged at once; a worker answers afterwards.

`protocol` reads what Meta delivers, `people` knows who is who, `mailbox` keeps what is to be done, `worker` does it
with `desk` (answers) and `graph` (sends), `choices` and `render` speak in buttons and lists, `channel` joins them.
"""

from sigap.channels.whatsapp.channel import WhatsAppInput

__all__ = ["WhatsAppInput"]
